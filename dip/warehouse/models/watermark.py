"""Tables of the warehouse: how far it has read."""

from django.db import models


class Watermark(models.Model):
    """How far a reader of positions has come, and what it published last. The facts keep the mark that counts, with themselves."""

    name = models.CharField(max_length=40, primary_key=True)
    facts = models.CharField(
        max_length=32, help_text="identity of the facts file; another one is not of this database and is read anew"
    )
    txid = models.BigIntegerField(default=0)
    position_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=120, blank=True)
