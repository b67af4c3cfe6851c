from django.db import migrations

from xianxue.kernel.history import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0002_releases'),
    ]

    operations = [
        triggers.read_only("insight_release"),
        triggers.read_only("insight_releaserows"),
        triggers.read_only("insight_withdrawal"),
    ]
