"""Tables of the warehouse: how far it has read."""

from django.db import models


class Watermark(models.Model):
    """How far a reader of positions has come, and what it published last."""

    name = models.CharField(max_length=40, primary_key=True)
    txid = models.BigIntegerField(default=0)
    position_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=120, blank=True)
