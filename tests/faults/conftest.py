"""Installations that are broken on purpose."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import new_database
from tests.installation import Installation, prepare


@pytest.fixture(scope="session")
def prepared(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("prepared")
    with new_database(folder, copied_from=migrated) as url:
        yield prepare(folder, url)


@contextmanager
def a_copy(of: Installation, folder: Path) -> Iterator[Installation]:
    """The same installation, with the same keys and files, in the folder given; to be broken."""
    folder.mkdir()
    for name in ("keys", "files", "imports", "logs"):
        if (of.folder / name).exists():
            shutil.copytree(of.folder / name, folder / name)
    with new_database(folder, copied_from=of.url) as url:
        yield Installation(folder, url, of.known)


@pytest.fixture
def installation(prepared: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A copy of the prepared one."""
    with a_copy(prepared, tmp_path / "var") as made:
        yield made
