"""The shelf, its sheet and the people who send workbooks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.kernel.sheets import shelf
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.sheets import Sheet

BY = Actor(user_id=7, label="刘经办", via="page", unit_id=None)


@pytest.fixture
def sheet(settings: Settings, tmp_path: Path, db: None) -> Iterator[Sheet]:
    """The shelf's sheet, alone in the registry, its table empty."""
    from xianxue.kernel.sheets import senders  # noqa: PLC0415 - app ready: holds models

    settings.VAR_DIR = tmp_path
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    shelf.create_table()
    before = senders._provider.reach_of
    senders.provide_reach(lambda user_id: shelf.registrar(shelf.FIRST, shelf.SECOND, user_id=user_id))
    with shelf.sheet_registered() as registered:
        yield registered
    senders._provider.reach_of = before


@pytest.fixture
def by(sheet: Sheet) -> Iterator[Actor]:
    """The registrar of both schools, at work."""
    with in_reach(shelf.registrar(shelf.FIRST, shelf.SECOND)):
        yield BY
