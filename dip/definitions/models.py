"""Tables of the standard: code lists that other tables point to, and versioned metrics and thresholds."""

from django.contrib.postgres.fields import ArrayField
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


class GeoEdition(models.Model):
    """One loading of the open files of areas; the newest is in force."""

    digest = models.CharField(max_length=64, help_text="SHA-256 of the files")
    loaded_at = models.DateTimeField()
    dated = models.DateField(help_text="the day that the inhabitants were counted")
    attribution = models.CharField(max_length=200)
    counts = models.JSONField(help_text="what was loaded, by name")
    findings = models.JSONField(help_text="problem, file, row, field, value of each")
    shapes = models.JSONField(help_text="file of polygons → SHA-256 of it")

    class Meta:
        ordering = ["-id"]


class Municipality(models.Model):
    """A municipality of the edition in force, or of one before: a number never gets another name."""

    name = models.CharField(max_length=80, unique=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, related_name="+")
    inhabitants = models.PositiveIntegerField(help_text="the sum of its PC4")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    km2 = models.FloatField(null=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]


class Area(models.Model):
    """The area of the four digits of a postcode."""

    pc4 = models.PositiveSmallIntegerField(primary_key=True)
    place = models.CharField(max_length=120, blank=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="areas")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, null=True, related_name="+")
    inhabitants = models.PositiveIntegerField()
    ages = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="inhabitants in twenty bands of five years; empty: unknown"
    )
    house_value = models.PositiveIntegerField(null=True, help_text="mean, thousand euros")
    urbanity = models.PositiveSmallIntegerField(default=0, help_text="1 most urban to 5; 0 unknown")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    km2 = models.FloatField(null=True)
    is_po_box = models.BooleanField(default=False, help_text="only letter boxes: nobody lives there")

    class Meta:
        ordering = ["pc4"]
