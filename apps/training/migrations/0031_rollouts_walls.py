from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("training", "0030_rollouts"), ("trajectories", "0071_rollouts")]
    operations = [TenantWall(["Rollout", "RolloutEpisode"])]
