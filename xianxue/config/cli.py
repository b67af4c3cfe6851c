"""The `xianxue` command line: one word for what to do, then its options."""

import os
import sys

# `import` is a word of Python and cannot name a module.
ALIASES = {"import": "import_files"}


def main() -> None:
    """Run the command named on the command line; `xianxue help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
    if len(sys.argv) > 1 and sys.argv[1] == "demo":
        # The demonstration sets its own mode, so that one word is enough on a fresh machine.
        os.environ.setdefault("XIANXUE_DEMO", "true")
    if len(sys.argv) > 1:
        name = sys.argv[1]
        sys.argv[1] = ALIASES.get(name, name.replace("-", "_") if not name.startswith("-") else name)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
