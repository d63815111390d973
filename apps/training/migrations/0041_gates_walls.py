from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("training", "0040_gates")]
    operations = [TenantWall(["Checkpoint", "CheckpointSession", "CheckpointTrial", "Gate", "GateCase"])]
