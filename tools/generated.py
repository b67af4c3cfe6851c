"""Write all that is made from declarations: the glossary, pages of the manual, definitions of indicators. Usage: make generated."""

import os
from pathlib import Path

import django
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guide"


def main() -> None:
    """Write every file anew; what has not changed stays byte for byte."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
    django.setup()
    from tests.kernel.indicators import test_definitions as definitions  # noqa: PLC0415 - app ready
    from tools import glossary  # noqa: PLC0415 - app ready
    from xianxue.config.management.commands.problems_page import problems_page  # noqa: PLC0415 - app ready
    from xianxue.config.management.commands.settings_page import settings_page  # noqa: PLC0415 - app ready

    glossary.write()
    for command in ("write_permissions", "write_procedures", "write_checks"):
        call_command(command, verbosity=0)
    for page, text in (("problems", problems_page()), ("settings", settings_page())):
        (GUIDE / f"{page}.md").write_text(text, encoding="utf-8")
    definitions.write()


if __name__ == "__main__":
    main()
