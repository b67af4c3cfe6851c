"""The rules of the release as the first version; going back leaves them, for proposals point at them."""

from django.db import migrations

from xianxue.decisions.services.rule_data import load_first_rules


def load(apps, schema_editor):
    load_first_rules(apps.get_model("decisions", "RuleSet"))


class Migration(migrations.Migration):
    dependencies = [("decisions", "0003_code_lists")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
