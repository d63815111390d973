from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0050_judge_cost")]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="is_trained",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=~Q(is_support=True, is_trained=True),
                name="trajectories_support_or_query",
            ),
        ),
    ]
