from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0021_search_walls")]

    operations = [
        migrations.AddField(
            model_name="score",
            name="cost_micros",
            field=models.PositiveBigIntegerField(null=True),
        ),
    ]
