"""Installations that are broken on purpose."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import new_database
from tests.installation import Installation, prepare


@pytest.fixture(scope="session")
def prepared(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("prepared")
    with new_database(folder, copied_from=migrated) as url:
        yield prepare(folder, url)


@pytest.fixture
def installation(prepared: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A copy of the prepared one, to be broken."""
    folder = tmp_path / "var"
    folder.mkdir()
    for name in ("keys", "files", "imports"):
        if (prepared.folder / name).exists():
            shutil.copytree(prepared.folder / name, folder / name)
    with new_database(folder, copied_from=prepared.url) as url:
        yield Installation(folder, url, prepared.known)
