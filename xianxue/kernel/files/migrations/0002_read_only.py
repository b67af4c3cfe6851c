"""Files and attachments are only ever added."""

from django.db import migrations

from xianxue.kernel.history import triggers


class Migration(migrations.Migration):
    dependencies = [("files", "0001_files")]

    operations = [triggers.read_only("files_storedfile"), triggers.read_only("files_attachment")]
