"""Backup and restore of a PostgreSQL database, with the server's own tools of a version that fits."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.state import Query, State, migrations, state

FOLDER = "database"
JOBS = "2"
# What a role without rights over the server can restore: its own tables and rows.
PLAIN = ("--no-owner", "--no-privileges")
FULL = re.compile(r"No space left on device|could not extend file|disk full", re.IGNORECASE)


class Postgres:
    """One database of a server; the schema `public` holds everything."""

    name = "postgresql"

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.given = found

    def server(self) -> str:
        with self._open() as server:
            return _version(server)

    def url(self) -> str:
        return self._url(self._name)

    def facts(self) -> dict[str, str]:
        query = (
            "SELECT current_setting('server_encoding'), coalesce(datcollate, ''), "
            "pg_size_pretty(pg_database_size(oid)) FROM pg_database WHERE datname = current_database()"
        )
        with self._open() as server:
            encoding, order, size = _one(server, query)
        return {"PostgreSQL": self.server(), "编码": encoding, "排序": order, "大小": size}

    def state_of_migrations(self) -> list[str]:
        with self._open() as server:
            return migrations(lambda sql: server.execute(sql.encode()).fetchall())

    def dump(self, folder: Path) -> State:
        """All tools read one exported snapshot, so rows that are written meanwhile are in none of them."""
        with self._open() as server, server.transaction():
            server.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = _one(server, "SELECT pg_export_snapshot()")
            found = _state(server)
            options = ("--format=directory", f"--jobs={JOBS}", "--compress=1", f"--snapshot={snapshot}", *PLAIN)
            self._run("pg_dump", *options, "--schema=public", f"--file={folder / FOLDER}", self._name)
        return found

    def state(self) -> State:
        with self._open() as server:
            return _state(server)

    def others(self) -> list[str]:
        query = (
            "SELECT DISTINCT coalesce(nullif(application_name, ''), 'pid ' || pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        with self._open() as server:
            return [name for (name,) in server.execute(query).fetchall()]

    def move_aside(self, stamp: str) -> str:
        with self._open() as server:
            if not _tables(server):
                server.execute("CREATE SCHEMA IF NOT EXISTS public")
                return ""
            server.execute(f'ALTER SCHEMA public RENAME TO "{_aside(stamp)}"')
            server.execute("CREATE SCHEMA public")
        return f"模式（schema）{_aside(stamp)}"

    def put_back(self, stamp: str) -> None:
        with self._open() as server, server.transaction():
            there = server.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [_aside(stamp)]).fetchone()
            server.execute("DROP SCHEMA IF EXISTS public CASCADE")
            if there:
                server.execute(f'ALTER SCHEMA "{_aside(stamp)}" RENAME TO public')
            else:
                server.execute("CREATE SCHEMA public")

    def load(self, folder: Path) -> None:
        with self._open() as server:
            server.execute("DROP SCHEMA public")  # empty; a dump of one schema makes it itself
        options = (f"--jobs={JOBS}", "--exit-on-error", *PLAIN, f"--dbname={self._name}")
        self._run("pg_restore", *options, str(folder / FOLDER))
        with self._open() as server:
            server.execute("ANALYZE")

    @contextmanager
    def scratch(self) -> Iterator[str]:
        """A database beside ours; the role needs CREATEDB for it."""
        name = f"xianxue_check_{uuid4().hex[:12]}"
        with self._open() as server:
            try:
                server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            except psycopg.errors.InsufficientPrivilege as error:
                message = "数据库账户没有建库的权限。请由数据库管理员执行 ALTER ROLE … CREATEDB，再试一次。"
                raise Stopped(message) from error
        try:
            yield self._url(name)
        finally:
            with self._open() as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def _name(self) -> str:
        return str(self.given["NAME"])

    def _open(self) -> psycopg.Connection:
        parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given = {part: str(self.given[name]) for part, name in parts.items() if self.given.get(name)}
        try:
            address = make_conninfo("", **given, application_name="xianxue operations", connect_timeout=10)
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError as error:
            message = "数据库连不上。请确认 PostgreSQL 正在运行、连接串（XIANXUE_DATABASE_URL）无误，再试一次。"
            raise Stopped(message) from error

    def _url(self, name: str) -> str:
        given = self.given
        password = f":{quote(given['PASSWORD'], safe='')}" if given.get("PASSWORD") else ""
        user = f"{quote(given['USER'], safe='')}{password}@" if given.get("USER") else ""
        port = f":{given['PORT']}" if given.get("PORT") else ""
        return f"postgresql://{user}{quote(given.get('HOST') or '', safe='')}{port}/{name}"

    def _run(self, tool: str, *arguments: str) -> None:
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        given = {name: str(self.given[part]) for name, part in names.items() if self.given.get(part)}
        with self._open() as server:
            program = _tool(tool, int(_version(server).partition(".")[0]))
        command = [str(program), *arguments]
        done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)  # noqa: S603 - no shell; all arguments are ours
        if done.returncode:
            if FULL.search(done.stderr):
                raise OSError(28, "No space left on device")
            raise Stopped(f"{tool} 没有完成：{done.stderr.strip()[-500:]}")


def _tool(name: str, major: int) -> Path:
    """The tool of the server's version, or a newer one. Raises Stopped where there is none."""
    roots = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = [root / name for root in roots if int(root.parent.name) >= major and (root / name).exists()]
    if found:
        return found[0]
    for folder in (*sorted(Path("/usr").glob("pgsql-*/bin")), *os.get_exec_path()):
        program = shutil.which(name, path=str(folder))
        if program and _major_of(program) >= major:
            return Path(program)
    message = f"这台机器上没有 {name} {major} 或更新的版本。请安装 PostgreSQL {major} 的客户端（如 postgresql-client-{major}）。"
    raise Stopped(message)


def _major_of(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found on the machine by name
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0


def _aside(stamp: str) -> str:
    return "aside_" + re.sub(r"\W", "", stamp).lower()


def _version(server: psycopg.Connection) -> str:
    return str(_one(server, "SHOW server_version")[0]).partition(" ")[0]


def _one(server: psycopg.Connection, sql: str) -> tuple[Any, ...]:
    row = server.execute(sql.encode()).fetchone()
    assert row is not None  # noqa: S101 - the query has one row
    return row


def _tables(server: psycopg.Connection) -> list[str]:
    return [
        name for (name,) in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    ]


def _state(server: psycopg.Connection) -> State:
    def query(sql: str) -> list[tuple[Any, ...]]:
        return server.execute(sql.encode()).fetchall()

    ask: Query = query
    return state(ask, _tables(server))
