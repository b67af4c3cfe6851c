"""An installation as an administrator makes it: from the offline folder, without a network, below a temporary root."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = "xianxue.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def sealed_off(*command: str) -> list[str]:
    """The command without a network: in a namespace of its own where we may make one, else with pip told so."""
    if os.geteuid() == 0 and shutil.which("unshare"):
        return ["unshare", "--net", "--", *command]
    return ["env", "PIP_NO_INDEX=1", *command]


def plain_environment() -> dict[str, str]:
    """What a fresh shell of an administrator has; nothing of this one."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


@dataclass(frozen=True)
class Installed:
    """Where things are, and the ports that were chosen."""

    root: Path
    port: int
    http: int
    https: int

    @property
    def config(self) -> Path:
        return self.root / "etc/xianxue"

    def unit(self, name: str) -> Path:
        return self.root / "etc/systemd/system" / name

    def setting(self, unit: str, name: str) -> list[str]:
        """The values of a setting of a unit."""
        return re.findall(rf"(?m)^{name}=(.*)$", self.unit(unit).read_text())

    def command(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """The administrator's command."""
        program = str(self.root / "usr/local/sbin/xianxue")
        return subprocess.run(
            [program, *arguments], input=given, env=plain_environment(), capture_output=True, text=True, check=False
        )

    @contextmanager
    def service(self, unit: str) -> Iterator["subprocess.Popen[bytes]"]:
        """What systemd would start: the unit's program with its file of settings and its credentials."""
        (start,) = self.setting(unit, "ExecStart")
        (settings,) = self.setting(unit, "EnvironmentFile")
        lines = [line for line in Path(settings).read_text().splitlines() if line.startswith("XIANXUE_")]
        environment = plain_environment() | dict(line.split("=", 1) for line in lines)
        environment["CREDENTIALS_DIRECTORY"] = str(self.config / "keys")
        process = subprocess.Popen(start.split(), env=environment, cwd=self.root)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for a machine without a network; fetching it needs the package registry, as `make` does."""
    folder = tmp_path_factory.mktemp("bundle") / "xianxue-offline"
    made = subprocess.run(
        [str(ROOT / "tools/bundle.sh"), str(folder)],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, f"make bundle failed; is the package registry there?\n{made.stderr}"
    return folder


@pytest.fixture(scope="session")
def installed(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = Installed(tmp_path_factory.mktemp("root"), free_port(), free_port(), free_port())
    arguments = ("--host", HOST, "--port", str(place.port), "--http", str(place.http), "--https", str(place.https))
    command = (str(bundle / "install.sh"), *arguments, "--root", str(place.root), "--python", sys.executable)
    done = subprocess.run(sealed_off(*command), env=plain_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place


def wait_for(port: int, seconds: float = 240) -> None:
    """Until somebody listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(f"nobody listens on {port} after {seconds} s")
