"""The page of the manual on the command line."""

from pathlib import Path

from django.core.management import get_commands

from xianxue.config.cli import ALIASES

PAGE = Path(__file__).parents[2] / "docs/guide/commands.md"
# Called by `restore`, never by hand; and by who changes the program.
INTERNAL = {"after_restore", "makemigrations"}


def test_every_command_of_ours_is_on_the_page() -> None:
    names = {module: word for word, module in ALIASES.items()}
    ours = {name for name, app in get_commands().items() if str(app).startswith("xianxue.")} - INTERNAL
    text = PAGE.read_text(encoding="utf-8")
    words = {names.get(name, name.replace("_", "-")) for name in ours}
    assert {word for word in words if f"`xianxue {word}" not in text} == set()
