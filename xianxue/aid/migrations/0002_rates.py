"""Programmes and rates of this release, and the code list of hardship; going back leaves them, for grants use them."""

from django.db import migrations

from xianxue.aid.services import load_rates
from xianxue.organisations.services import load_code_lists


def load(apps, schema_editor):
    load_rates(apps.get_model("aid", "AidProgramme"), apps.get_model("aid", "RateCard"))
    load_code_lists(apps.get_model("organisations", "CodeList"), apps.get_model("organisations", "Code"))


class Migration(migrations.Migration):
    dependencies = [("aid", "0001_initial"), ("organisations", "0002_code_lists")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
