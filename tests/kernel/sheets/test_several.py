"""Many rows as one form: warnings are asked about, keys stay with their records, what the database refuses stays alone."""

from dataclasses import replace

import polars as pl
import pytest

from tests.kernel.sheets.shelf import FIELDS, SHEET, pupil, stored
from xianxue.kernel.access import Actor
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets import Rule
from xianxue.kernel.sheets.several import CellTexts, GivenRow, marks, records_of, save_rows
from xianxue.kernel.sheets.single import save_one

pytestmark = pytest.mark.postgres

COLUMNS = ("name", "phone")
DOUBTFUL = replace(
    SHEET, rules=(*SHEET.rules, Rule("W311", ("phone", "name"), lambda: pl.col("phone").str.ends_with("9")))
)


def made(by: Actor, serial: int) -> int:
    return save_one(SHEET, dict(zip(FIELDS, map(str, pupil(serial)), strict=True)), by=by)


def given(pk: int, *, confirmed: bool = False, **cells: str) -> GivenRow:
    records = records_of(SHEET, [pk], COLUMNS)
    (seen,) = marks([(pk, CellTexts(SHEET, COLUMNS).of(records.row(0, named=True)))])
    return GivenRow(str(pk), cells, pk, seen=seen, confirmed=confirmed)


def test_a_warning_is_asked_about_before_its_row_is_written_and_holds_up_no_other(by: Actor) -> None:
    first, second = made(by, 1), made(by, 2)
    rows = [given(first, phone="13800000009"), given(second, phone="13800000008")]
    asked, written = save_rows(DOUBTFUL, rows, columns=COLUMNS, by=by)
    assert (list(asked.warnings), asked.errors, asked.is_written) == (["phone"], {}, False)
    assert written.is_written
    assert [row[4] for row in stored()] == ["13800000001", "13800000008"]
    (again,) = save_rows(DOUBTFUL, [replace(rows[0], confirmed=True)], columns=COLUMNS, by=by)
    assert again.is_written
    assert [row[4] for row in stored()] == ["13800000009", "13800000008"]


def test_rows_need_no_key_for_the_form_says_whose_they_are(by: Actor) -> None:
    pks = [made(by, serial) for serial in (1, 2, 3)]
    names = ["张新甲", "张新乙", "张新丙"]
    rows = [given(pk, name=name) for pk, name in zip(pks, names, strict=True)]
    saved = save_rows(SHEET, rows, columns=COLUMNS, by=by)
    assert [row.pk for row in saved if row.is_written] == pks
    assert [row[1] for row in stored()] == names
    (event, _made) = events_of("tests.shelf", pks[1])
    assert (event.action, list(event.changes)) == ("sheets.save_rows", ["name"])


def test_an_empty_cell_clears_unless_it_is_sealed_or_needed(by: Actor) -> None:
    (pk,) = [made(by, 1)]
    (saved,) = save_rows(SHEET, [given(pk, name="", phone="")], columns=COLUMNS, by=by)
    assert saved.errors == {"name": ["“姓名”是必填项，没有填。补填这一格。"]}
    (saved,) = save_rows(SHEET, [given(pk, phone="")], columns=COLUMNS, by=by)
    assert saved.is_written
    assert stored()[0][4] is None
