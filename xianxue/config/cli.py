"""The `xianxue` command line: one word for what to do, then its options."""

import os
import sys
from pathlib import Path

from xianxue.config.env import PREFIX, UnsafeSettings
from xianxue.config.secrets import new_keys
from xianxue.kernel.history.signing import make_key

# `import` is a word of Python and cannot name a module.
ALIASES = {"import": "import_files"}


def _count_in_files(role: str) -> None:
    """The library that counts looks at the environment once, when it is imported: before Django's apps are."""
    folder = Path(os.environ.get(f"{PREFIX}VAR_DIR", "var")).resolve() / "metrics" / role
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder.glob("*.db"):
        # Of processes that are gone; a counter that starts again at 0 is what a monitoring system expects.
        if not Path(f"/proc/{path.stem.rpartition('_')[2]}").exists():
            path.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def main() -> None:
    """Run the command named on the command line; `xianxue help` lists them."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name == "keys":
        # Before any setting exists: without keys, Django's settings refuse to load.
        print("".join(f"{PREFIX}{key.upper()}={value}\n" for key, value in new_keys().items()), end="")
        print(_signing_key(), file=sys.stderr)
        return
    if name == "demo":
        # The demonstration sets its own mode, so that one word is enough on a fresh machine.
        os.environ.setdefault("XIANXUE_DEMO", "true")
    if name and not name.startswith("-"):
        sys.argv[1] = ALIASES.get(name, name.replace("-", "_"))
    if name in ("serve", "worker"):
        _count_in_files(name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - app ready

    try:
        execute_from_command_line(sys.argv)
    except UnsafeSettings as refusal:
        sys.exit(str(refusal))


def _signing_key() -> str:
    """Make the signing key where the settings want it, unless there is one; what to tell the operator."""
    folder = Path(os.environ.get(f"{PREFIX}VAR_DIR", "var"))
    path = Path(os.environ.get(f"{PREFIX}SIGNING_KEY") or folder / "keys" / "signing.pem").resolve()
    was_there = path.exists()
    key_id = make_key(path)
    return f"签名私钥{'已有' if was_there else '已生成'}：{path}，编号 {key_id}。请抄下编号，另存一份私钥，不要与备份放在一起。"


if __name__ == "__main__":
    main()
