"""What identifies is sealed wherever an import leaves it: files, the job's own row, addresses."""

from typing import Any

import polars as pl
import pytest
from django.conf import settings
from django.core import serializers

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import pupil, workbook
from xianxue.kernel.access import Actor
from xianxue.kernel.sheets import imports, presenting
from xianxue.kernel.sheets.checking.groups import shown_value
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.returned import returned_workbook
from xianxue.kernel.sheets.writing import apply

pytestmark = pytest.mark.postgres


def everything(job: ImportJob) -> bytes:
    """The job's row and all its files, as they stand on the disk."""
    folder = settings.VAR_DIR / "imports"
    parts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return b"".join([serializers.serialize("json", [job]).encode(), *parts])


def test_no_number_stands_open_in_what_an_import_keeps(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = shelf.id_number(5)[:-1] + ("1" if shelf.id_number(5)[-1] != "1" else "2")
    rows = [pupil(1), pupil(1, phone="13900000001"), pupil(2), pupil(3, number=wrong), pupil(4, number="E12345678")]
    job = imports.check(imports.receive(("学生.xlsx", workbook(rows)), by=by))
    assert job.problems
    returned_workbook(job)
    _turn_up_meanwhile(monkeypatch)
    imports.apply(job, by=by)
    assert job.late
    page = repr(presenting.job_page(job))
    for number in (*(shelf.id_number(serial) for serial in (1, 2)), wrong, "E12345678"):
        assert number.encode() not in everything(job)
        assert number not in page


def _turn_up_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row is refused on writing, for a reason that quotes its number."""

    def all_late(rows: pl.DataFrame, *_others: Any) -> pl.DataFrame:
        return rows.select("row", code=pl.lit("P501"), column=pl.lit("number"), value="number")

    monkeypatch.setattr(apply, "_late", all_late)


def test_a_passport_is_no_rounded_number() -> None:
    column = shelf.SHEET.by_name["number"]
    assert "12345678" not in shown_value(column, "E12345678")
    assert shown_value(column, "3.60922E+17") == "3.60922E+17"
