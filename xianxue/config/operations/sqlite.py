"""Backup and restore of an SQLite database."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.state import Query, State, migrations, state

FILE = "database.sqlite3"
BESIDE = ("", "-wal", "-shm", "-journal")


class Sqlite:
    """One file, and the log beside it."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def server(self) -> str:
        return sqlite3.sqlite_version

    def url(self) -> str:
        return f"sqlite://{quote(str(self.path))}"

    def facts(self) -> dict[str, str]:
        with closing(self._reader()) as database:
            (mode,) = database.execute("PRAGMA journal_mode").fetchone()
        size = f"{self.path.stat().st_size / 2**20:.0f} MB"
        return {"SQLite": sqlite3.sqlite_version, "日志方式": str(mode), "大小": size}

    def state_of_migrations(self) -> list[str]:
        if not self.path.exists():
            return []
        with closing(self._reader()) as database:
            return migrations(lambda sql: database.execute(sql).fetchall())

    def dump(self, folder: Path) -> State:
        """The database's own backup, in one step: a reader's view of the WAL, which keeps no writer waiting."""
        target = folder / FILE
        try:
            with closing(self._reader()) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                return _state(copy)
        except sqlite3.Error as error:
            raise _in_words(error) from error

    def state(self) -> State:
        if not self.path.exists():
            return State([], {}, {})
        with closing(self._reader()) as database:
            return _state(database)

    def others(self) -> list[str]:
        """None: SQLite does not know; the locks of our own programs tell."""
        return []

    def move_aside(self, stamp: str) -> str:
        aside = self._aside(stamp)
        moved = [ending for ending in BESIDE if self._beside(ending).exists()]
        if not moved:
            return ""
        aside.mkdir(parents=True, mode=0o700, exist_ok=True)
        done: list[str] = []
        try:
            for ending in moved:
                self._beside(ending).rename(aside / self._beside(ending).name)
                done.append(ending)
        except OSError:
            for ending in done:
                (aside / self._beside(ending).name).rename(self._beside(ending))
            raise
        return str(aside)

    def put_back(self, stamp: str) -> None:
        for ending in BESIDE:
            self._beside(ending).unlink(missing_ok=True)
        for path in self._aside(stamp).glob(f"{self.path.name}*"):
            path.rename(self.path.with_name(path.name))

    def load(self, folder: Path) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / FILE, self.path)
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        with closing(sqlite3.connect(self.path)) as database:
            (verdict,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            message = "数据库文件的内部结构已损坏"
            raise Stopped(message)

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """A file beside the database, so that what fits there fits here."""
        with tempfile.TemporaryDirectory(prefix=".check-", dir=self.path.parent) as folder:
            yield f"sqlite://{folder}/scratch.sqlite3"

    def _reader(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True)

    def _aside(self, stamp: str) -> Path:
        return self.path.parent / f"aside-{stamp}"

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(self.path.name + ending)


def _state(database: sqlite3.Connection) -> State:
    def query(sql: str) -> list[tuple[object, ...]]:
        return database.execute(sql).fetchall()

    ask: Query = query
    tables = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return state(ask, (name for (name,) in tables))


def _in_words(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_FULL":
        return OSError(28, "No space left on device")
    return Stopped(f"数据库读不出来（{code or type(error).__name__}）")
