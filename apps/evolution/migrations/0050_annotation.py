
import apps.core.ids
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evolution', '0040_value'),
        ('tenants', '0005_audit_chain'),
    ]

    operations = [
        migrations.AddField(
            model_name='learningpolicy',
            name='held_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='learningpolicy',
            name='held_because',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='learningpolicy',
            name='waived_judge',
            field=models.CharField(blank=True, max_length=260),
        ),
        migrations.CreateModel(
            name='AnnotationItem',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('turn_id', models.UUIDField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('answered', 'Answered'), ('dropped', 'Taken out, gone, or said elsewhere')], default='waiting', max_length=10)),
                ('stratum', models.CharField(choices=[('hand', 'Put there by a member'), ('split', "The judge's votes were split"), ('failed', 'Failed'), ('neutral', 'Neutral'), ('passed', 'Passed')], max_length=10)),
                ('rank', models.PositiveSmallIntegerField()),
                ('share', models.FloatField(default=1)),
                ('judge_value', models.SmallIntegerField(null=True)),
                ('judge_model', models.CharField(blank=True, max_length=200)),
                ('prompt_version', models.CharField(blank=True, max_length=40)),
                ('added_by', models.CharField(blank=True, max_length=254)),
                ('note', models.TextField(blank=True)),
                ('skipped_by', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('value', models.SmallIntegerField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=254)),
                ('answered_by_id', models.CharField(blank=True, max_length=80)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AnnotationLease',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('holder_kind', models.CharField(max_length=8)),
                ('holder_id', models.CharField(max_length=64)),
                ('holder', models.CharField(max_length=254)),
                ('expires_at', models.DateTimeField()),
                ('item', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='leases', to='evolution.annotationitem')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AnnotationPolicy',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('share_split', models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('share_failed', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('share_neutral', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('share_passed', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('waiting_most', models.PositiveIntegerField(default=50)),
                ('window_days', models.PositiveSmallIntegerField(default=30)),
                ('pause_below', models.PositiveSmallIntegerField(default=60, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('pause_least', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5)])),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'unscoped',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name='annotationitem',
            index=models.Index(fields=['tenant', 'state', 'rank', 'id'], name='evolution_annotations'),
        ),
        migrations.AddIndex(
            model_name='annotationitem',
            index=models.Index(condition=models.Q(('state', 'answered')), fields=['tenant', 'answered_at'], name='evolution_answered'),
        ),
        migrations.AddConstraint(
            model_name='annotationitem',
            constraint=models.UniqueConstraint(fields=('tenant', 'turn_id'), name='evolution_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='annotationitem',
            constraint=models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__in', [-1, 0, 1]), _connector='OR'), name='evolution_annotation_value'),
        ),
        migrations.AddConstraint(
            model_name='annotationitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answered_at__isnull', False), ('value__isnull', False)), _connector='OR'), name='evolution_answered_has_value'),
        ),
        migrations.AddConstraint(
            model_name='annotationitem',
            constraint=models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lte', 1)), name='evolution_annotation_share'),
        ),
        migrations.AddConstraint(
            model_name='annotationlease',
            constraint=models.UniqueConstraint(fields=('tenant', 'item'), name='evolution_one_annotator'),
        ),
        migrations.AddConstraint(
            model_name='annotationpolicy',
            constraint=models.UniqueConstraint(fields=('tenant',), name='evolution_one_annotation_policy'),
        ),
    ]
