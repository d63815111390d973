import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evolution", "0031_replay_cost")]

    operations = [
        migrations.AddField(
            model_name="proposal", name="reason", field=models.TextField(blank=True, default="")
        ),
        migrations.AddField(
            model_name="learningpolicy",
            name="ledger_outcomes",
            field=models.PositiveIntegerField(
                default=50, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
        migrations.AddField(
            model_name="learningpolicy",
            name="ledger_success_below",
            field=models.PositiveSmallIntegerField(
                default=30,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
            ),
        ),
        migrations.AddField(
            model_name="learningpolicy",
            name="ledger_lift_below",
            field=models.SmallIntegerField(
                default=0,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(-100),
                    django.core.validators.MaxValueValidator(100),
                ],
            ),
        ),
        migrations.AddField(
            model_name="learningpolicy",
            name="ledger_unused_days",
            field=models.PositiveSmallIntegerField(
                default=60, null=True, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
        migrations.AddField(
            model_name="learningpolicy",
            name="ledger_merges",
            field=models.BooleanField(default=True),
        ),
    ]
