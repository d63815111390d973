from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("training", "0003_slow_loop")]
    operations = [
        TenantWall(
            [
                "Checkpoint",
                "TaskSet",
                "TrainingBudget",
                "TrainingJob",
                "TrainingPolicy",
                "TrainingStep",
            ]
        )
    ]
