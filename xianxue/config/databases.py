"""From a database URL to Django's settings, with what each engine needs to lose nothing."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA temp_store = MEMORY;
PRAGMA mmap_size = 268435456;
PRAGMA cache_size = -65536;
PRAGMA wal_autocheckpoint = 8192;
"""
# Pages ask many small questions: compiling one (jit) or sharing it among processes costs more than its answer, and takes
# the processor from the others who wait. Disks of today read here and there nearly as fast as in a row.
POSTGRES_START = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"


def database(url: str, var_dir: Path) -> dict[str, Any]:
    """Django's settings for `sqlite:///path`, `postgresql://…`, or "" for SQLite in the data folder.

    Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)) if url else var_dir / "xianxue.sqlite3")
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": POSTGRES_START},
        }
    message = f"XIANXUE_DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite or postgresql."
    raise ValueError(message)


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: two writers must never read the same head of the log.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_START,
        },
    }
