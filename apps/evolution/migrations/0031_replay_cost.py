from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evolution", "0030_imported")]

    operations = [
        # Of replays from before money was counted nobody knows what they cost.
        migrations.AddField(
            model_name="replay",
            name="cost_micros",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="replay",
            name="cost_micros",
            field=models.PositiveBigIntegerField(default=0, null=True),
        ),
    ]
