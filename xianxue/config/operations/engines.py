"""What backup and restore ask of a database: a snapshot written to a folder, and a folder read back into an empty place."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from xianxue.config.databases import database
from xianxue.config.operations.postgres import Postgres
from xianxue.config.operations.sqlite import Sqlite
from xianxue.config.operations.state import State


class Engine(Protocol):
    """A database, by its own driver and tools; nothing here goes through Django's connection."""

    name: str

    def server(self) -> str:
        """The version of the database program."""

    def facts(self) -> dict[str, str]:
        """What an administrator wants to know of the server, by name."""

    def state_of_migrations(self) -> list[str]:
        """The migrations applied, `app.name`."""

    def dump(self, folder: Path) -> State:
        """Write one moment of the database into the folder while others write; returns the state of that moment."""

    def url(self) -> str:
        """The address, as XIANXUE_DATABASE_URL takes it."""

    def state(self) -> State:
        """The state as it is now."""

    def others(self) -> list[str]:
        """Programs that have the database open now, as far as it can be seen."""

    def move_aside(self, stamp: str) -> str:
        """Put what is there out of the way, all or nothing; returns where to, in words; empty where there was nothing."""

    def put_back(self, stamp: str) -> None:
        """Undo a `move_aside` that was done: removes whatever has been put in the place meanwhile."""

    def load(self, folder: Path) -> None:
        """Read a dump into the empty place."""

    def scratch(self) -> AbstractContextManager[str]:
        """A context in which an empty database of its own is there; gives its address for XIANXUE_DATABASE_URL."""


def engine() -> Engine:
    """The engine of this installation's database."""
    return _engine(settings.DATABASES["default"])


def _engine(found: Mapping[str, Any]) -> Engine:
    if found["ENGINE"].endswith("sqlite3"):
        return Sqlite(Path(found["NAME"]))
    return Postgres(found)


def at(url: str) -> Engine:
    """The engine of another database, by what XIANXUE_DATABASE_URL would say."""
    return _engine(database(url, Path(settings.VAR_DIR)))
