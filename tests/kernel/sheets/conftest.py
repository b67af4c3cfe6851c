"""The shelf, its sheet and the people who send workbooks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.kernel.sheets import shelf
from xianxue.kernel.access import Actor, in_reach, persons, provide_reach
from xianxue.kernel.sheets import Sheet

BY = Actor(user_id=7, label="刘经办", via="page", unit_id=None)


@pytest.fixture
def sheet(settings: Settings, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sheet]:
    """The shelf's sheet, alone in the registry, its table empty."""
    settings.VAR_DIR = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    shelf.create_table()
    monkeypatch.setattr(persons, "_reach", [])
    provide_reach(lambda user_id, _at: shelf.registrar(shelf.FIRST, shelf.SECOND, user_id=user_id))
    with shelf.sheet_registered() as registered:
        yield registered


@pytest.fixture
def by(sheet: Sheet) -> Iterator[Actor]:
    """The registrar of both schools, at work."""
    with in_reach(shelf.registrar(shelf.FIRST, shelf.SECOND)):
        yield BY
