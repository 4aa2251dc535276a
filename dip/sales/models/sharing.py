"""Saved views of pages, and links to a page for people without an account."""

from django.db import models

from dip.registry.models import Organisation, Person
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class SavedView(models.Model):
    """A page with its filters under a name. Owned by the person, or shared with the organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=500, help_text="path and question, without the platform's own address")
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"], name="savedview_listed")]
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "name"], name="savedview_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whoever saved it; colleagues too once it is shared."""
        mine = models.Q(person_id=access.person_id) if access.person_id else models.Q(pk__in=[])
        return models.Q(organisation_id=access.organisation_id) & (mine | models.Q(is_shared=True))


class FirstView(models.Model):
    """The view with which the Sales Monitor opens for a person in an organisation. Owned by the person."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person"], name="firstview_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The person, in this organisation."""
        if access.person_id is None:
            return models.Q(pk__in=[])
        return models.Q(organisation_id=access.organisation_id, person_id=access.person_id)


class ShareLink(models.Model):
    """A page that may be read with a link. The token is not kept: its digest is, and a salt from which only the platform, with its
    secret key, can make it again. Owned: whoever made it, and the organisation's super-users."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, help_text="the role in which it was shared")
    address = models.CharField(max_length=500, help_text="path and question that the link shows")
    title = models.CharField(max_length=200, help_text="the page's title when it was shared")
    label = models.CharField(max_length=120, blank=True, help_text="for whom")
    salt = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=160, blank=True)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whoever made it; a super-user sees all of the organisation."""
        own = models.Q(organisation_id=access.organisation_id)
        return own if access.is_super_user else own & models.Q(person_id=access.person_id or 0)


class ShareOpening(models.Model):
    """One opening of a link: when, from which network (the last part left out), with what kind of browser. Owned as the link."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="openings", db_index=False)
    at = models.DateTimeField()
    network = models.CharField(max_length=50)
    agent = models.CharField(max_length=60)
    part = models.CharField(max_length=40, help_text="page, or the name of a file")

    objects = OwnedManager()

    class Meta:
        indexes = [models.Index(fields=["link", "-at"], name="shareopening_latest")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Whoever sees the link."""
        own = models.Q(link__organisation_id=access.organisation_id)
        return own if access.is_super_user else own & models.Q(link__person_id=access.person_id or 0)
