"""The code list of kinds of payments; going back leaves it."""

from django.db import migrations

from xianxue.organisations.services import load_code_lists


def load(apps, schema_editor):
    load_code_lists(apps.get_model("organisations", "CodeList"), apps.get_model("organisations", "Code"))


class Migration(migrations.Migration):
    dependencies = [("decisions", "0002_links_and_constraints"), ("organisations", "0002_code_lists")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
