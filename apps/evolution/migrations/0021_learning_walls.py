from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0020_evolution"),
    ]
    operations = [
        TenantWall(["LearningPolicy", "FailureCluster", "ClusteredTurn"]),
    ]
