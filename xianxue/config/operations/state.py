"""What a database holds, in numbers that can be compared: migrations, rows of every table, the head of the log, the keys."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from xianxue.kernel.crypto import Unsealable, digest, open_text, seal_text

PROOF = "xianxue backup"
# A query to one database, a snapshot or a copy of it, through its own driver.
Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class State:
    """Migrations applied (`app.name`), rows by table, and the log's `size` and `head`."""

    migrations: list[str]
    tables: dict[str, int]
    log: dict[str, Any]


def state(query: Query, tables: Iterable[str]) -> State:
    """The state that the query sees; `tables` are the names of all tables there."""
    names = sorted(tables)
    # Names come from the database's own catalogue.
    counts = {name: int(query(f'SELECT count(*) FROM "{name}"')[0][0]) for name in names}  # noqa: S608 - as said above
    applied = migrations(query) if "django_migrations" in counts else []
    return State(applied, counts, _head(query) if "history_event" in counts else {})


def migrations(query: Query) -> list[str]:
    """The migrations applied, `app.name`, in order of their names."""
    return sorted(f"{app}.{name}" for app, name in query("SELECT app, name FROM django_migrations"))


def _head(query: Query) -> dict[str, Any]:
    last = query("SELECT seq, leaf_hash FROM history_event ORDER BY seq DESC LIMIT 1")
    return {"size": last[0][0], "head": last[0][1]} if last else {"size": 0, "head": ""}


def known_migrations() -> set[str]:
    """Every migration of this version, `app.name`; those that were replaced by others count as well."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def pending_migrations() -> list[str]:
    """Migrations of this version that the database lacks."""
    loader = MigrationLoader(connection)
    wanted = set(loader.graph.nodes) - set(loader.applied_migrations)
    return sorted(f"{app}.{name}" for app, name in wanted)


def unknown_migrations(applied: list[str]) -> list[str]:
    """Migrations of our apps that the database has and this version does not know: the database is newer."""
    ours = {config.label for config in apps.get_app_configs()}
    known = known_migrations()
    return sorted(name for name in applied if name not in known and name.partition(".")[0] in ours)


def keys_proof() -> dict[str, Any]:
    """What shows later which keys are needed: a sealed word and a keyed digest of it; no key can be worked out from them."""
    return {
        "profile": settings.CRYPTO_PROFILE,
        "seal_key_ids": sorted(settings.SEAL_KEYS),
        "sealed": seal_text(PROOF),
        "digest": digest("backup", PROOF),
    }


def keys_fault(proof: dict[str, Any]) -> str | None:
    """Why the present keys do not fit those of the proof; None where they fit."""
    if proof.get("profile") != settings.CRYPTO_PROFILE:
        return "加密算法（XIANXUE_CRYPTO_PROFILE）与做备份时不同"
    try:
        fits = open_text(str(proof.get("sealed"))) == PROOF
    except Unsealable:
        fits = False
    if not fits:
        return "加密密钥（XIANXUE_SEAL_KEYS）里没有做备份时的那一把"
    if digest("backup", PROOF) != proof.get("digest"):
        return "查找摘要密钥（XIANXUE_DIGEST_KEY）与做备份时不同"
    return None
