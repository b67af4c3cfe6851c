"""A matter that is packed, and the verifier, run as a school would run it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from tests.kernel.evidence.matter import Told


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    settings.SIGNING_KEY = tmp_path / "keys" / "signing.pem"
    return tmp_path


@pytest.fixture(params=["international", "national"])
def profile(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.CRYPTO_PROFILE = request.param
    return str(request.param)


@pytest.fixture
def packed(db: None) -> bytes:
    from tests.kernel.evidence.matter import BY, MATTER, work  # noqa: PLC0415 - app ready
    from xianxue.kernel.evidence.packs import pack_of  # noqa: PLC0415 - app ready

    work()
    return pack_of([MATTER], "张三转学", by=BY)


@pytest.fixture
def tell(tmp_path: Path) -> "Callable[..., Told]":
    """Run the verifier in an empty folder, without any library but Python's own."""
    from tests.kernel.evidence.matter import Told  # noqa: PLC0415 - app ready
    from xianxue.kernel.evidence.verifier import verifier_source  # noqa: PLC0415 - app ready

    place = tmp_path / "空 文件夹"
    place.mkdir()
    script = place / "verify.py"
    script.write_text(verifier_source(), encoding="utf-8")

    def run(*arguments: str | Path) -> "Told":
        line = [sys.executable, "-I", "-S", "-X", "utf8", str(script), *map(str, arguments)]
        done = subprocess.run(line, cwd=place, env={}, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.stderr == "" or done.returncode == 2, done.stderr
        return Told(done.returncode, done.stdout.splitlines())

    return run
