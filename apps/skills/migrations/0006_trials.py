import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# The new foreign key is bound to the workspace, as those of TenantWall are: fencing the table
# again would cut off everything that points at it.
_UNBOUND = "ALTER TABLE skills_skill DROP CONSTRAINT IF EXISTS skills_skill_trial_version_id_wall"
_BOUND = """
ALTER TABLE skills_skill ADD CONSTRAINT skills_skill_trial_version_id_wall
FOREIGN KEY (tenant_id, trial_version_id) REFERENCES skills_skillversion (tenant_id, id)
DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("skills", "0005_scopes")]

    operations = [
        migrations.AddField(
            model_name="skill",
            name="trial_version",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="skills.skillversion",
            ),
        ),
        migrations.AddField(model_name="skill", name="trial_id", field=models.UUIDField(null=True)),
        migrations.AddField(
            model_name="skill", name="trial_share", field=models.FloatField(default=0)
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=Q(trial_id__isnull=True, trial_version__isnull=True)
                | Q(trial_id__isnull=False, trial_version__isnull=False),
                name="skills_trial_has_version",
            ),
        ),
        migrations.AddField(
            model_name="librarygeneration", name="moves", field=models.JSONField(null=True)
        ),
        migrations.RunSQL(_BOUND, _UNBOUND),
    ]
