"""The database keeps records of reading from being rewritten."""

from django.db import migrations

from xianxue.kernel.history import triggers


class Migration(migrations.Migration):
    dependencies = [("restricted", "0001_openings_and_records_of_reading"), ("history", "0003_read_only")]

    operations = [triggers.read_only("restricted_readrecord")]
