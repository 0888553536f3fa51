"""The table of what is known."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table."""

    initial = True
    dependencies: ClassVar = [("helpdesk", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CaseRecord",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="complaint",
                        serialize=False,
                        to="helpdesk.ticket",
                    ),
                ),
                ("known", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=list)),
                ("no_steps", models.JSONField(default=list)),
            ],
        ),
    ]
