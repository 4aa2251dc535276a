"""Tables of the standard: code lists that other tables point to, and versioned metrics and thresholds."""

from django.db import models


class Genre(models.Model):
    """A national genre. ``id`` is the wire id."""

    code = models.SlugField(unique=True)
    name_nl = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    name_fr = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name_nl


class Country(models.Model):
    """A country, ISO 3166-1 alpha-2."""

    code = models.CharField(max_length=2, unique=True)
    name_nl = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    name_fr = models.CharField(max_length=60)


class Province(models.Model):
    """A province, with its square in the equal-area tile grid."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    tile_row = models.PositiveSmallIntegerField()
    tile_column = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Metric(models.Model):
    """One version of the definition of a number: what it counts, its formula and unit, from when it holds."""

    code = models.SlugField()
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    unit = models.CharField(max_length=20)
    more_is_better = models.BooleanField(null=True, help_text="null: neither")
    name = models.JSONField(help_text="language → name")
    sentence = models.JSONField(help_text="language → one sentence")
    formula = models.JSONField(help_text="language → formula in words")
    owner = models.CharField(max_length=60, help_text="working group")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="metric_version_once")]


class Threshold(models.Model):
    """One version of a named limit with its meaning: disclosure rules, status limits, cohort sizes."""

    code = models.SlugField()
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=4)
    meaning = models.JSONField(help_text="language → what it guards")
    owner = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="threshold_version_once")]


class Rate(models.Model):
    """One version of a rate that law or custom sets: VAT, author's rights; from when it holds."""

    code = models.SlugField()
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    value = models.DecimalField(max_digits=7, decimal_places=6, help_text="0..1")
    meaning = models.JSONField(help_text="language → what it is of")
    owner = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="rate_version_once")]
