"""The `xianxue` command line: one word for what to do, then its options."""

import os
import sys

from xianxue.config.env import PREFIX, UnsafeSettings
from xianxue.config.secrets import new_keys

# `import` is a word of Python and cannot name a module.
ALIASES = {"import": "import_files"}


def main() -> None:
    """Run the command named on the command line; `xianxue help` lists them."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name == "keys":
        # Before any setting exists: without keys, Django's settings refuse to load.
        print("".join(f"{PREFIX}{key.upper()}={value}\n" for key, value in new_keys().items()), end="")
        return
    if name == "demo":
        # The demonstration sets its own mode, so that one word is enough on a fresh machine.
        os.environ.setdefault("XIANXUE_DEMO", "true")
    if name and not name.startswith("-"):
        sys.argv[1] = ALIASES.get(name, name.replace("-", "_"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - app ready

    try:
        execute_from_command_line(sys.argv)
    except UnsafeSettings as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
