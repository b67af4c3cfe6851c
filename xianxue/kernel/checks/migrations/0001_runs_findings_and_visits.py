
import django.db.models.deletion
import django.db.models.manager
import xianxue.kernel.crypto.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procedures', '0003_lapsed_todos'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('ran_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('outcomes', models.JSONField()),
                ('is_last', models.BooleanField(default=True)),
                ('suite', models.CharField(max_length=40)),
                ('unit_id', models.BigIntegerField()),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('version', models.CharField(max_length=20)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unguarded',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('is_last', True)), fields=['unit_id', 'suite'], name='last_runs_of_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_last', True)), fields=('suite', 'subject_type', 'subject_id'), name='one_last_run_a_subject')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unguarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='UnitVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('checked_at', models.DateTimeField()),
                ('suite', models.CharField(max_length=40)),
                ('unit_id', models.BigIntegerField()),
                ('subjects', models.PositiveIntegerField(default=0)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unguarded',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('suite', 'unit_id'), name='one_visit_a_unit')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unguarded', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SubjectFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('check_code', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('severity', models.PositiveSmallIntegerField()),
                ('certainty', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('parameters', models.JSONField(default=dict)),
                ('inputs', models.JSONField(default=dict)),
                ('found_on', models.DateField()),
                ('gone_on', models.DateField(blank=True, null=True)),
                ('explanation', xianxue.kernel.crypto.fields.SealedTextField(blank=True)),
                ('verdict_reason', xianxue.kernel.crypto.fields.SealedTextField(blank=True)),
                ('is_confirmed', models.BooleanField(blank=True, null=True)),
                ('judged_digest', models.CharField(blank=True, default='', max_length=64)),
                ('suite', models.CharField(max_length=40)),
                ('unit_id', models.BigIntegerField()),
                ('above_id', models.BigIntegerField()),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('version', models.CharField(max_length=20)),
                ('earlier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='later', to='checks.subjectfinding')),
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.matter')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unguarded',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['suite', 'check_code', 'unit_id'], name='findings_of_suite')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('gone_on__isnull', True)), fields=('suite', 'unit_id', 'check_code', 'key'), name='one_finding_of_a_suite_a_failure')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('unguarded', django.db.models.manager.Manager()),
            ],
        ),
    ]
