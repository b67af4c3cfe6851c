"""A PostgreSQL server of the tests' own: temporary, on a free loopback port, gone when the tests end."""

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

USER = "xianxue"
PREFIX = "xianxue-postgres-"
# Nothing here outlives the tests, so nothing has to survive a power cut.
SPEED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class NoPostgres(RuntimeError):
    """There is no PostgreSQL server to start; the message says what to install."""


@dataclass(frozen=True)
class Cluster:
    """A running server; `url` is what XIANXUE_DATABASE_URL takes."""

    folder: Path
    port: int
    is_kept: bool = False

    @property
    def url(self) -> str:
        """The connection string; Django's test runner makes databases of its own beside the one named."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/xianxue"

    def stop(self) -> None:
        """End the server, if it is still there, and remove its folder unless it is to be kept."""
        try:
            if (self.folder / "data" / "postmaster.pid").exists():
                how = "fast" if self.is_kept else "immediate"
                _run("pg_ctl", "stop", "-D", str(self.folder / "data"), "-m", how, "-w")
        finally:
            if not self.is_kept:
                shutil.rmtree(self.folder, ignore_errors=True)


def start(kept: Path | None = None) -> Cluster:
    """Make and start a server; takes about two seconds. `kept`: a folder that stays, with what it holds from last time.

    Raises NoPostgres where none is installed.
    """
    _stop_orphans()
    folder = kept or Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "owner").write_text(str(os.getpid()))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    # C.UTF-8, never C: in C, pg_trgm makes no trigrams of hanzi.
    locale = ("--encoding=UTF8", "--locale=C.UTF-8")
    if not (folder / "data" / "PG_VERSION").exists():
        _run("initdb", "-D", data, f"--username={USER}", "--auth=trust", "--no-sync", *locale)
    port = _free_port()
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 60}
    flags = " ".join(f"-c {name}='{value}'" for name, value in {**options, **SPEED}.items())
    _run("pg_ctl", "start", "-D", data, "-w", "-l", str(folder / "log"), "-o", flags)
    return Cluster(folder, port, is_kept=kept is not None)


def _stop_orphans() -> None:
    """End what a killed test run left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            owner = int((folder / "owner").read_text())
        except (OSError, ValueError):
            continue  # another user's, or being made or removed right now
        if not _is_running(owner):
            # Its server may have died with the machine; then there is only the folder to remove.
            with suppress(NoPostgres):
                Cluster(folder, 0).stop()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_client(program: str, *arguments: str) -> None:
    """Run a program that talks to a server (`psql`, `pg_dump`), of the same version as the server's own."""
    _done([str(_binaries() / program), *arguments])


def _run(program: str, *arguments: str) -> None:
    command = [str(_binaries() / program), *arguments]
    # The server refuses to run as root.
    _done(["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command)


def _done(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise NoPostgres(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    raise NoPostgres("No PostgreSQL server is installed. Debian, Ubuntu: apt-get install postgresql")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
