"""Secret ballots are sealed."""

from django.db import migrations

import xianxue.kernel.crypto.fields


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_guests_from_outside")]

    operations = [
        migrations.AlterField("secretballot", "choice", xianxue.kernel.crypto.fields.SealedTextField(verbose_name="选择")),
    ]
