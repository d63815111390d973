from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trajectories", "0070_trained")]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="is_rollout",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="score",
            name="kind",
            field=models.CharField(
                choices=[
                    ("human", "Human"),
                    ("checker", "Checker"),
                    ("explicit", "Explicit"),
                    ("judge", "Judge"),
                    ("implicit", "Implicit"),
                ],
                default="judge",
                max_length=10,
            ),
        ),
    ]
