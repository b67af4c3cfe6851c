"""The workbooks that people really have: titles, merged heads, hidden rows, formulas, serial dates, GBK."""

import io
from datetime import date, datetime

import openpyxl
import polars as pl
import pytest

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import HEADS, id_number, pupil, saved, stored, workbook
from xianxue.kernel.access import Actor
from xianxue.kernel.sheets import export, imports, returned
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.reading import headings
from xianxue.kernel.sheets.reading.scan import column_index, column_letters


def sent(by: Actor, content: bytes, name: str = "学生.xlsx") -> ImportJob:
    return imports.check(imports.receive((name, content), by=by))


def written(by: Actor, content: bytes, name: str = "学生.xlsx") -> list[tuple[object, ...]]:
    job = sent(by, content, name)
    assert (job.state, job.problems) == ("ready", []), job.reason
    imports.apply(job, by=by)
    return [row[1:] for row in stored()]


AT_HALF_PAST_EIGHT = datetime(2015, 9, 1, 8, 30)  # noqa: DTZ001 - a cell knows no time zone
ONE = ("张小乙", "2015-09-01", "01", "13800000001", str(shelf.FIRST), "1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_in_any_encoding(by: Actor, encoding: str, separator: str) -> None:
    text = "\r\n".join(separator.join(map(str, row)) for row in (HEADS, pupil(1)))
    assert written(by, text.encode(encoding), "学生.csv") == [ONE]


def test_a_title_above_a_table_that_does_not_start_in_the_first_column(by: Actor) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page["C2"] = "城南小学 2024 年秋季学生名册"
    for row, cells in enumerate((HEADS, pupil(1)), 4):
        for column, value in enumerate(cells, 3):
            page.cell(row, column).value = value
    job = sent(by, saved(book))
    assert (job.problems, job.layout["head_row"], job.layout["data_row"], job.layout["first_column"]) == ([], 4, 5, 2)
    book = openpyxl.load_workbook(io.BytesIO(returned.returned_workbook(job)))
    assert [book.worksheets[0].cell(4, 10).value, book.worksheets[0].cell(5, 10).value] == ["结果", "新增"]


def test_merged_heads_in_two_rows(by: Actor) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["姓名", "身份证号", "出生日期", "民族", "监护人1", None, "学校", "是否寄宿"])
    page.append([None, None, None, None, "姓名", "电话", None, None])
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2", "H1:H2"):
        page.merge_cells(cells)
    one = pupil(1)
    page.append([*one[:4], "张父", *one[4:]])
    assert written(by, saved(book)) == [ONE]


def test_a_school_merged_over_its_rows_counts_for_all_of_them(by: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([pupil(1), pupil(2, school=None)])))
    book.worksheets[0].merge_cells("F2:F3")
    job = sent(by, saved(book))
    assert (job.problems, job.counts["new"]) == ([], 2)
    assert "数据里有合并的单元格，合并范围内的每一格都按显示的内容读取。" in [note["text"] for note in job.notes]


def test_hidden_rows_and_formulas_are_read_and_reported(by: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([pupil(1), pupil(2), pupil(3, phone='="138"&"00000001"')])))
    book.worksheets[0].row_dimensions[3].hidden = True
    job = sent(by, saved(book))
    assert job.counts["rows"] == 3
    assert [note["text"] for note in job.notes] == [
        "有 1 行是隐藏的（第 3 行），也一并读取了。",
        "有 1 格是公式，读取的是上次保存时算出的值。",
    ]


def test_totals_and_signatures_are_no_pupils(by: Actor) -> None:
    job = sent(by, workbook([pupil(1), ("合计", None, None, "1 人"), ("填表人：刘",)]))
    assert (job.counts["rows"], job.problems) == (1, [])
    assert [note["text"] for note in job.notes] == ["第 3、4 行像是合计或落款，没有当作数据。"]


@pytest.mark.parametrize(
    "born_on", [date(2015, 9, 1), AT_HALF_PAST_EIGHT, 42248, "2015.9.1", "２０１５年９月１日", 20150901]
)
def test_a_birth_date_however_it_is_kept(by: Actor, born_on: object) -> None:
    assert written(by, workbook([pupil(1, born_on=born_on)])) == [ONE]


def test_what_nobody_sees_changes_nothing(by: Actor) -> None:
    row = pupil(
        1, name="张 小乙\u200b", number=f"'{id_number(1).lower()}　", school="\u00a02136000011", phone=13800000001
    )
    assert written(by, workbook([row])) == [ONE]


def test_the_right_sheet_is_found_among_others(by: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([pupil(1)], title="名册")))
    for place, name in enumerate(("说明", "统计")):
        other = book.create_sheet(name, place)
        other.append(["学校", "人数"])
        other.append(["城南小学", 1])
    job = sent(by, saved(book))
    assert job.layout["table"] == "名册"


def test_heads_with_stars_brackets_and_line_breaks(by: Actor) -> None:
    heads = (
        "*姓名（必填）",
        "身份证号\n码".replace("\n码", ""),
        "出生\n日期 (YYYY-MM-DD)",
        "民 族",
        "联系电话：",
        "学校名称",
        "是否寄宿？",
    )
    assert written(by, workbook([pupil(1)], heads)) == [ONE]


def test_identical_rows_are_written_once(by: Actor) -> None:
    job = sent(by, workbook([pupil(1), pupil(1)]))
    assert [(group["code"], group["count"]) for group in job.problems] == [("W401", 1)]
    assert (job.counts["new"], job.counts["repeated"]) == (1, 1)


def test_a_table_without_some_columns_changes_the_others_only(by: Actor) -> None:
    written(by, workbook([pupil(1)]))
    job = sent(by, workbook([(id_number(1), "13900000009")], ("身份证号", "联系电话")))
    assert (job.problems, job.counts["changed"], job.counts["cells"]) == ([], 1, 1)
    new = sent(by, workbook([(id_number(2), "城南小学")], ("身份证号", "学校")))
    assert [(group["code"], group["column"]) for group in new.problems] == [("P100", "name"), ("P100", "born_on")]


def test_an_empty_cell_keeps_what_is_there_unless_asked_otherwise(by: Actor) -> None:
    written(by, workbook([pupil(1)]))
    kept = sent(by, workbook([pupil(1, phone=None)]))
    assert kept.counts["same"] == 1
    imports.decide(kept, blank_clears="1")
    imports.check(kept)
    assert (kept.counts["changed"], kept.counts["by_column"]) == (1, {"phone": 1})


def canonical_rows() -> pl.DataFrame:
    """What the shelf holds, as an export has it."""
    pks = [row[0] for row in stored()]
    return shelf.SHEET.writer.current(pks, reveal=("number",))


def test_an_export_sent_again_changes_nothing_and_runs_nothing(by: Actor) -> None:
    written(by, workbook([pupil(1), pupil(2, phone=None, boards=None)]))
    content = export.export(shelf.SHEET, canonical_rows(), reveal=True)
    job = sent(by, content)
    assert (job.problems, job.counts["same"], job.counts["new"], job.counts["changed"]) == ([], 2, 0, 0)
    masked = sent(by, export.export(shelf.SHEET, canonical_rows()))
    assert (masked.counts["new"], masked.counts["changed"], masked.counts["wrong"]) == (0, 0, 2)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_a_text_like_a_formula_leaves_as_text(text: str) -> None:
    column = shelf.SHEET.columns[0]
    content = export.export([column], pl.DataFrame({"name": [text]}))
    page = shelf.opened(content)
    cell = page["A2"]
    assert (cell.value.strip(), cell.data_type, cell.quotePrefix) == (text.strip(), "s", True)


def test_a_large_workbook_comes_back_marked_too(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returned, "CELLS_IN_PLACE", 1)
    job = sent(by, workbook([pupil(1), pupil(2, phone="12")]))
    page = shelf.opened(returned.returned_workbook(job))
    assert [cell.value for cell in page[1]] == [*HEADS, "结果", "说明"]
    assert [page.cell(2, 8).value, page.cell(3, 8).value] == ["新增", "有错"]
    assert (page.cell(3, 5).fill.fgColor.rgb, page.cell(2, 5).fill.fgColor.rgb) == ("FFF8CBC6", "00000000")
    assert page.cell(3, 9).value.startswith("“联系电话”写成“12”，不是电话号码。")


def test_a_csv_comes_back_as_a_workbook(by: Actor) -> None:
    text = "\n".join(",".join(map(str, row)) for row in (HEADS, pupil(1, phone="12")))
    job = sent(by, text.encode("gbk"), "学生.csv")
    page = shelf.opened(returned.returned_workbook(job))
    assert (page["B2"].value, page["E2"].fill.fgColor.rgb, page["H2"].value) == (id_number(1), "FFF8CBC6", "有错")


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(index: int, letters: str) -> None:
    assert (column_letters(index), column_index(letters)) == (letters, index)


def test_what_a_file_asks_of_the_templates_does_not_grow_with_its_width(
    by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: each text near the top is folded a few times, however many templates there are."""
    asked: list[str] = []
    fold = headings.folded

    def counted(heading: str) -> str:
        asked.append(heading)
        return fold(heading)

    monkeypatch.setattr(headings, "folded", counted)
    width = 400
    for extra in (0, width):
        rows = [(*HEADS, *(f"列{place}" for place in range(extra))), (*pupil(1), *(f"值{n}" for n in range(extra)))]
        few = len(asked)
        asked.clear()
        job = sent(by, "\n".join(",".join(map(str, row)) for row in rows).encode(), "学生.csv")
        assert job.state == "ready", job.reason
    assert len(asked) - few < 10 * width


def test_a_head_of_opening_brackets_is_read_in_one_pass() -> None:
    """Quadratic, this would be asked for an hour."""
    assert headings.spellings("姓名" + "(" * 500_000) == ("姓名" + "(" * 500_000,)
    assert headings.spellings("姓名(必填)(全名)") == ("姓名(必填)(全名)".replace("必填", ""), "姓名")


@pytest.mark.parametrize("text", ["姓名," * 20_000, "姓名,性别\n" * 5_000 + "甲," * 5_000])
def test_a_csv_that_asks_for_too_many_cells_is_not_laid_out(by: Actor, text: str) -> None:
    job = sent(by, text.encode(), "学生.csv")
    assert (job.state, "范围太大，没有打开" in job.reason) == ("failed", True)
