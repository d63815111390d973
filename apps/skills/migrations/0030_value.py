import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import apps.core.ids

# Of what was counted before, the moment of a use is known to the hour. The owner is under the
# wall, too: for this statement, and in this transaction only, it is not.
_PAST = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE skills_skillstat NO FORCE ROW LEVEL SECURITY;
UPDATE skills_skillstat SET considered = uses, last_used_at = hour WHERE uses > 0;
ALTER TABLE skills_skillstat FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0021_pack_walls"), ("tenants", "0005_audit_chain")]

    operations = [
        migrations.AddField(
            model_name="skillstat",
            name="considered",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="skillstat", name="tokens", field=models.PositiveBigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="skillstat", name="nanos", field=models.PositiveBigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="skillstat", name="unpriced", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="skillstat", name="last_used_at", field=models.DateTimeField(null=True)
        ),
        migrations.CreateModel(
            name="SkillStanding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=apps.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("factor", models.FloatField(default=1)),
                ("passed", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="skills.skillversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "unscoped",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "version"), name="skills_one_standing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("factor__gt", 0)), name="skills_standing_factor"
                    ),
                ],
            },
            managers=[("unscoped", django.db.models.manager.Manager())],
        ),
        migrations.RunSQL(_PAST, migrations.RunSQL.noop),
    ]
