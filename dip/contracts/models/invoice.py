"""Invoices of settlements: the details of the parties, who may make whose invoices, series of numbers, and what was issued."""

from django.db import models

from dip.contracts.models.agreement import Agreement, party_to
from dip.contracts.models.settlement import Settlement
from dip.contracts.terms.invoices import InvoiceKind, VatRegime
from dip.registry.models import Organisation
from dip.registry.scope import OwnedManager
from dip.registry.terms import Access


class PartyDetails(models.Model):
    """What invoices say of an organisation. Owned: another sees of it only what an invoice between the two shows."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+")
    legal_name = models.CharField(max_length=200, blank=True)
    trading_name = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=160, blank=True, help_text="with the number")
    postcode = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, default="NL")
    kvk = models.CharField(max_length=8, blank=True, help_text="chamber of commerce; scheme 0106")
    oin = models.CharField(max_length=20, blank=True, help_text="government organisations; scheme 0190")
    vat_number = models.CharField(max_length=15, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    email = models.EmailField(blank=True, help_text="of who answers for invoices; gets those of others")
    peppol_id = models.CharField(max_length=60, blank=True, help_text="0106:12345678; empty: made from OIN, KvK or VAT number")
    regime = models.CharField(max_length=8, default=VatRegime.NORMAL, choices=[(r.value, r.value) for r in VatRegime])
    payment_terms = models.CharField(max_length=200, blank=True, help_text="said on its invoices, after the days")
    buyer_reference = models.CharField(max_length=60, blank=True, help_text="what it wants to read on invoices that it gets")
    language = models.CharField(max_length=2, default="nl", help_text="of invoices that it gets")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=160)

    objects = OwnedManager()

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """The organisation itself."""
        return models.Q(organisation_id=access.organisation_id)


class SelfBilling(models.Model):
    """That a theatre may make the invoices of a seller, in its name. Agreed by the seller's side, ended by either. Owned by the pair."""

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)

    objects = OwnedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer"], condition=models.Q(ended_at=None), name="self_billing_agreed_once")
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Both."""
        return models.Q(seller_id=access.organisation_id) | models.Q(buyer_id=access.organisation_id)


class InvoiceSeries(models.Model):
    """The numbers of a seller's invoices in a year, as one maker gives them out: consecutive, without gaps, none twice. Owned.

    Each maker (the seller itself, the agency that acts for it, a theatre under self-billing) has a series of its own, so that nobody
    waits for another and every series is whole.
    """

    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    maker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    prefix = models.CharField(max_length=12)
    first = models.PositiveIntegerField(default=1, help_text="number with which the year begins")
    last = models.PositiveIntegerField(default=0, help_text="given out last; below first: none yet")

    objects = OwnedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "maker", "year"], name="invoice_series_once")]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """Who sells and who makes."""
        return models.Q(seller_id=access.organisation_id) | models.Q(maker_id=access.organisation_id)


class Invoice(models.Model):
    """An invoice or credit note that was issued: its bytes never change, and it is never deleted. Owned by the parties of its agreement.

    One invoice of a settlement stands at a time; it no longer stands once it was credited.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="invoices")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=3, choices=[(k.value, k.value) for k in InvoiceKind])
    number = models.CharField(max_length=40)
    seller = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    maker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issue_date = models.DateField()
    due_date = models.DateField()
    net_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    total_cents = models.BigIntegerField()
    due_cents = models.BigIntegerField(help_text="to pay to the seller; of a credit note: to the buyer")
    language = models.CharField(max_length=2)
    content = models.JSONField(help_text="what it says, as rules/invoices/kept.py writes it")
    document = models.BinaryField(help_text="UBL, as it was issued")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document")
    is_standing = models.BooleanField(default=True, help_text="an invoice that was not credited; a credit note never")
    credits = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="credited_by", help_text="what this one takes back"
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="the credited one in whose place it came"
    )
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=160)
    mailed_at = models.DateTimeField(null=True)

    objects = OwnedManager()

    class Meta:
        ordering = ["issued_at", "id"]
        indexes = [models.Index(fields=["issue_date"], name="invoice_issue_date")]
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["settlement"], condition=models.Q(is_standing=True), name="invoice_one_standing_per_settlement"
            ),
        ]

    @staticmethod
    def scope_of(access: Access) -> models.Q:
        """As the agreement."""
        return party_to(access, "agreement__")

    def __str__(self) -> str:
        return self.number
