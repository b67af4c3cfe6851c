"""The fields that the demonstration fills are columns of the registered sheets, under the same headings."""

import pytest

from xianxue.demo.fields import headings, labels
from xianxue.demo.workbooks import layout
from xianxue.kernel import sheets
from xianxue.kernel.sheets.reading.headings import known_headings

# Columns that a school leaves to others, or that another column makes superfluous.
LEFT_OUT: dict[str, set[str]] = {}


@pytest.mark.parametrize("code", labels())
def test_every_field_is_a_column_of_the_sheet_under_the_same_heading(code: str) -> None:
    columns = {column.name: str(column.label) for column in sheets.get(code).columns}
    assert labels()[code].items() <= columns.items()
    assert set(columns) - set(labels()[code]) == LEFT_OUT.get(code, set())


@pytest.mark.parametrize("code", labels())
def test_headings_stand_in_the_order_of_the_sheet(code: str) -> None:
    assert list(headings(code)) == [column.name for column in sheets.get(code).columns if column.name in labels()[code]]


def test_the_pupils_sheet_knows_every_heading_of_the_national_export_that_has_a_field() -> None:
    known = known_headings(sheets.get("pupils"))
    named = {
        heading.text: heading.field for heading in layout("national").headings if heading.field in labels()["pupils"]
    }
    unknown = {text: field for text, field in named.items() if known.get(text) != field}
    # The address stands in the export four times; we take it once.
    assert set(unknown) == {"通信地址", "家庭地址", "成员1现住址", "成员1户口所在地行政区划"}
