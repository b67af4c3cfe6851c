"""The parcel's procedure, its table, and a parcel under way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from xianxue.kernel.procedures import names

CHINA = ZoneInfo("Asia/Shanghai")
PDF = b"%PDF-1.7\n" + b"content " * 200


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=CHINA)


def paper(kind: str = "list", name: str = "清单.pdf") -> tuple[str, SimpleUploadedFile]:
    return kind, SimpleUploadedFile(name, PDF)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday, 14 October 2024, noon in China; the Saturday before was a working day (调休)."""
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def sending(db: None, settings: Settings, tmp_path: Path, clock: Any) -> Iterator[Any]:
    """The procedure, known for the length of the test."""
    from tests.kernel.procedures import parcels  # noqa: PLC0415 - app ready: holds a model

    settings.VAR_DIR = tmp_path
    parcels.create_table()
    kept = list(names._units)
    names.provide_units(lambda asked: {pk: parcels.NAMES[pk] for pk in asked if pk in parcels.NAMES})
    with parcels.registered() as procedure:
        yield procedure
    names._units[:] = kept


@pytest.fixture
def send(sending: Any) -> Callable[..., Any]:
    """The registrar of the First Primary sends something to the Second."""
    from tests.kernel.procedures import parcels  # noqa: PLC0415 - app ready: holds a model

    def sent(**given: Any) -> Any:
        return parcels.do(
            "registrar", "send",
            **{"receiver": parcels.SECOND, "content": "课桌", "papers": [paper()], **given},
        )  # fmt: skip

    return sent
