
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_audit_chain'),
        ('trajectories', '0009_what_follows_from_others'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='score',
            name='trajectories_one_score_per_judge',
        ),
        migrations.RemoveConstraint(
            model_name='score',
            name='trajectories_judge_value',
        ),
        migrations.AddField(
            model_name='score',
            name='author',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='score',
            name='author_id',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='score',
            name='comment',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='score',
            name='confidence',
            field=models.FloatField(default=1),
        ),
        migrations.AddField(
            model_name='score',
            name='source',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='turn',
            name='reward',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='turn',
            name='reward_source',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='score',
            name='judge_model',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='score',
            name='kind',
            field=models.CharField(choices=[('human', 'Human'), ('explicit', 'Explicit'), ('judge', 'Judge'), ('implicit', 'Implicit')], default='judge', max_length=10),
        ),
        migrations.AlterField(
            model_name='score',
            name='prompt_version',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='score',
            name='value',
            field=models.FloatField(),
        ),
        migrations.AlterField(
            model_name='score',
            name='votes',
            field=models.JSONField(default=list),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('tenant', 'turn', 'kind', 'prompt_version', 'author_id', 'source'), name='trajectories_one_score_each'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', -1), ('value__lte', 1)), name='trajectories_score_value'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__gte', 0), ('confidence__lte', 1)), name='trajectories_score_confidence'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['judge', 'human']), _negated=True), ('value__in', [-1, 0, 1]), _connector='OR'), name='trajectories_verdict_value'),
        ),
        migrations.AddConstraint(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(('reward__isnull', True), models.Q(('reward__gte', -1), ('reward__lte', 1)), _connector='OR'), name='trajectories_reward_in_bounds'),
        ),
    ]
