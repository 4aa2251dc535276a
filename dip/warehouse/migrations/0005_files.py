import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("warehouse", "0004_peers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("headings", models.CharField(help_text="SHA-256 of all headings in their order", max_length=64)),
                ("columns", models.JSONField(default=list, help_text="[heading, field] of what is read")),
                ("options", models.JSONField(default=dict, help_text="days, decimal sign, euros or cents, ground of the buyers")),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=120)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mappings", to="warehouse.ticketsource"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "version"), name="file_mapping_version_once")],
            },
        ),
    ]
