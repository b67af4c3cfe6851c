"""How often the check of an import was begun, so that a file that stops the worker is given up. Reversible."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sheets', '0001_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='importjob',
            name='starts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='开始检查的次数'),
        ),
    ]
