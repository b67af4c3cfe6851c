"""Payments, contracts and appointments go to an app of their own: the tables keep their rows and get its name."""

from django.db import migrations

NAMES = ("Payment", "Contract", "Appointment")


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_judgements_bind_their_facts")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable(name, f"ledgers_{name.lower()}") for name in NAMES],
            state_operations=[migrations.DeleteModel(name) for name in NAMES],
        )
    ]
