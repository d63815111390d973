import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evolution", "0021_learning_walls")]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evolution.evolutionrun",
            ),
        ),
    ]
