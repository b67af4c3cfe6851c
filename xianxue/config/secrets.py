"""Keys of the demonstration: made once, kept beside its database, useless anywhere else."""

import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from xianxue.config.env import Env


def new_keys() -> dict[str, str]:
    """Fresh keys, as values of the settings of the same names."""
    return {
        "secret_key": secrets.token_urlsafe(64),
        "seal_keys": f"k1:{secrets.token_hex(32)}",
        "digest_key": secrets.token_hex(32),
    }


def demo_keys(folder: Path) -> dict[str, str]:
    """Keys kept in the folder, made on first use; readable by the owner alone."""
    path = folder / "demo-keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(new_keys()))
        # link, not rename: of two processes that start at once, the first one's keys stay.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def with_demo_keys(env: Env) -> Env:
    """The settings, completed with the demonstration's keys where they are missing; only in demo mode."""
    if not env.demo:
        return env
    given: dict[str, Any] = env.model_dump(exclude_unset=True)
    missing = {name: value for name, value in demo_keys(env.var_dir).items() if not given.get(name)}
    return Env(**{**given, **missing}) if missing else env
