"""The county that measurements read: the demonstration at full scale, in a folder of its own, made once."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("BENCH_DIR", "var/bench")).resolve()


def prepare() -> None:
    """Make the county where it is missing (minutes), and set up Django to read it.

    With XIANXUE_DATABASE_URL set, that database is measured; else SQLite in the folder.
    """
    os.environ["XIANXUE_DEMO"] = "true"
    os.environ["XIANXUE_VAR_DIR"] = str(FOLDER)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xianxue.config.settings"
    subprocess.run([sys.executable, "-m", "xianxue.config.cli", "demo"], check=True)
    import django  # noqa: PLC0415 - app ready: the environment above must come first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - app ready

    call_command("collectstatic", interactive=False, verbosity=0)
