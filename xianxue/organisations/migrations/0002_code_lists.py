"""The code lists of this release; taking them back is refused by rows that use them, so going back leaves them."""

from django.db import migrations

from xianxue.organisations.services import load_code_lists


def load(apps, schema_editor):
    load_code_lists(apps.get_model("organisations", "CodeList"), apps.get_model("organisations", "Code"))


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
