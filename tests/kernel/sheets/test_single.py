"""A form is a sheet of one row."""

import pytest

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import FIELDS, SHEET, pupil, stored
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets.single import check_one, save_one

pytestmark = pytest.mark.postgres


def cells(serial: int, **changed: str) -> dict[str, str]:
    return dict(zip(FIELDS, map(str, pupil(serial)), strict=True)) | changed


def test_a_new_row_is_written_with_its_history(by: Actor) -> None:
    pk = save_one(SHEET, cells(1), by=by)
    assert stored() == [(pk, "张小乙", "2015-09-01", "01", "13800000001", str(shelf.FIRST), "1")]
    (entry,) = events_of("tests.shelf", pk)
    assert (entry.label, entry.changes["name"], entry.changes["number"]) == (
        "张小乙", [None, "张小乙"], [None, shelf.id_number(1)],
    )  # fmt: skip


def test_the_same_problems_as_in_a_workbook_each_at_its_field(by: Actor) -> None:
    row = check_one(SHEET, cells(1, phone="12", born_on="2015-09-02", name=""), by=by)
    assert set(row.errors) == {"phone", "born_on", "name"}
    assert row.errors["name"] == ["“姓名”是必填项，没有填。补填这一格。"]
    with pytest.raises(Refused):
        save_one(SHEET, cells(1, phone="12"), by=by)
    assert stored() == []


def test_a_change_is_written_cell_by_cell_and_nothing_leaves_no_trace(by: Actor) -> None:
    pk = save_one(SHEET, cells(1), by=by)
    save_one(SHEET, cells(1, phone=""), by=by, pk=pk)
    assert stored()[0][4] is None
    save_one(SHEET, cells(1, phone=""), by=by, pk=pk)
    assert [entry.changes.get("phone") for entry in events_of("tests.shelf", pk)] == [
        ["13800000001", None],
        [None, "13800000001"],
    ]


def test_a_number_can_be_corrected_but_not_to_that_of_somebody_else(by: Actor) -> None:
    pk, other = save_one(SHEET, cells(1), by=by), save_one(SHEET, cells(2), by=by)
    save_one(SHEET, cells(3, name="张小乙"), by=by, pk=pk)
    assert events_of("tests.shelf", pk)[0].changes["number"] == [shelf.id_number(1), shelf.id_number(3)]
    row = check_one(SHEET, cells(3), by=by, pk=other)
    assert row.errors == {"number": ["未能保存：这个号码是另一条记录的。请核对。"]}


def test_who_is_registered_already_is_not_registered_again(by: Actor) -> None:
    save_one(SHEET, cells(1), by=by)
    assert check_one(SHEET, cells(1), by=by).errors == {
        "number": ["未能登记：“张小乙”已经登记过。请打开原有记录修改。"]
    }


def test_a_required_cell_cannot_be_cleared(by: Actor) -> None:
    pk = save_one(SHEET, cells(1), by=by)
    assert set(check_one(SHEET, cells(1, name=""), by=by, pk=pk).errors) == {"name"}
