"""A signature is waited for by name: the to-dos that waited for everybody with a role go."""

from typing import Any

from django.db import migrations


def forget(apps: Any, _schema: Any) -> None:
    """Remove the to-dos of meetings that wait for signatures."""
    todos = apps.get_model("procedures", "Todo")
    todos.objects.filter(matter__procedure="meetings.meeting", matter__state="held").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_read_only"),
        ("procedures", "0003_lapsed_todos"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
