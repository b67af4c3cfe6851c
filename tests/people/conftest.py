"""Two schools, and who sends pupils for them. Imports wait: pytest reads this file before Django is ready."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

    from tests.people.places import Place
    from tests.people.sending import Sending


@pytest.fixture
def place(db: None) -> "Place":
    from tests.people.places import make_place  # noqa: PLC0415 - app ready

    return make_place()


@pytest.fixture
def registrar(place: "Place") -> "Sending":
    """The registrar of 甲小学 at the pupils' sheet."""
    from tests.people.places import sending  # noqa: PLC0415 - app ready

    return sending(place, "first")


@pytest.fixture
def other_registrar(place: "Place") -> "Sending":
    """The registrar of 乙小学."""
    from tests.people.places import sending  # noqa: PLC0415 - app ready

    return sending(place, "second")


@pytest.fixture
def officer(place: "Place") -> "Sending":
    """The bureau's officer, who reaches every school."""
    from tests.people.places import sending  # noqa: PLC0415 - app ready

    return sending(place, "officer")


@pytest.fixture
def folder(settings: "Settings", tmp_path: "Path") -> "Path":
    """Where workbooks to be sent are put; imports run at once."""
    settings.VAR_DIR = tmp_path / "var"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    (tmp_path / "files").mkdir()
    return tmp_path / "files"
