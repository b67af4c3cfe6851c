"""The tables of payments, contracts and appointments, as `decisions` 0006 left them: nothing is made, nothing is lost."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0006_ledgers_leave'),
        ('organisations', '0002_code_lists'),
        ('people', '0009_when_a_merge_was_proposed'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Appointment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=30)),
                        ('name', models.CharField(max_length=60)),
                        ('post', models.CharField(max_length=40)),
                        ('is_removal', models.BooleanField(default=False)),
                        ('decided_on', models.DateField()),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                        ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='decisions.proposal')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='organisations.unit')),
                    ],
                    options={
                        'abstract': False,
                        'base_manager_name': 'unguarded',
                        'default_manager_name': 'objects',
                        'constraints': [models.UniqueConstraint(fields=('unit', 'number', 'name', 'post'), name='one_appointment_per_number')],
                    },
                    managers=[
                        ('objects', django.db.models.manager.Manager()),
                        ('unguarded', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Contract',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=30)),
                        ('name', models.CharField(max_length=80)),
                        ('kind', models.CharField(max_length=12)),
                        ('supplier', models.CharField(max_length=80)),
                        ('amount_fen', models.PositiveBigIntegerField()),
                        ('signed_on', models.DateField()),
                        ('started_on', models.DateField(blank=True, null=True)),
                        ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='decisions.proposal')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='organisations.unit')),
                    ],
                    options={
                        'abstract': False,
                        'base_manager_name': 'unguarded',
                        'default_manager_name': 'objects',
                        'constraints': [models.UniqueConstraint(fields=('unit', 'number'), name='one_contract_per_number')],
                    },
                    managers=[
                        ('objects', django.db.models.manager.Manager()),
                        ('unguarded', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Payment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=30)),
                        ('paid_on', models.DateField()),
                        ('kind', models.CharField(max_length=12)),
                        ('purpose', models.CharField(max_length=80)),
                        ('payee', models.CharField(max_length=80)),
                        ('amount_fen', models.PositiveBigIntegerField()),
                        ('contract_number', models.CharField(blank=True, max_length=30)),
                        ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='decisions.proposal')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='organisations.unit')),
                    ],
                    options={
                        'abstract': False,
                        'base_manager_name': 'unguarded',
                        'default_manager_name': 'objects',
                        'indexes': [models.Index(fields=['unit', 'paid_on'], name='payments_of_unit')],
                        'constraints': [models.UniqueConstraint(fields=('unit', 'number'), name='one_payment_per_number')],
                    },
                    managers=[
                        ('objects', django.db.models.manager.Manager()),
                        ('unguarded', django.db.models.manager.Manager()),
                    ],
                ),
            ],
        )
    ]
