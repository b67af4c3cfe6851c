"""A file that would not fit into memory is refused before it is opened, and one that stops the worker is given up."""

import io
import struct
import zipfile

import pytest

from tests.kernel.sheets.shelf import pupil, stored, workbook
from tests.kernel.sheets.test_bad_input import refusal
from xianxue.kernel.access import Actor
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.reading import extent
from xianxue.kernel.sheets.tasks import STARTS_LIMIT, recover_jobs

SHEET = "xl/worksheets/sheet1.xml"
PADDING = b" " * 200_000


def with_row(xml: bytes) -> bytes:
    """A workbook of one pupil with a row added to its XML."""
    return rewritten(lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>"))


def rewritten(change: object) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([pupil(1)]))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            data = source.read(member)
            target.writestr(member.filename, change(data) if member.filename == SHEET else data)  # type: ignore[operator]  # polars and openpyxl: a sheet of our own making
    return out.getvalue()


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>',
        b'<row r="1048576"><c s="0" r="XFD1048576" t="str"><v>x</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576' t='str'><v>x</v></c></row>",
        b'<row r="1048576"><c t="str" r = "xfd1048576"><v>x</v></c></row>',
        b'<row r="1048576">' + b'<c t="str"><v>x</v></c>' * 16_384 + b"</row>",
        b'<row r="1048576"><c r="A1048576"/><c ' + b" " * 3000 + b'r="XFD1048576" t="str"><v>x</v></c></row>',
    ],
    ids=["plain", "other-order", "single-quotes", "small-letters", "unplaced", "long-tag"],
)
def test_a_forgotten_cell_in_the_last_corner(by: Actor, row: bytes) -> None:
    assert refusal(by, with_row(row)) == (
        "未能导入“学生.xlsx”：工作表里有内容的格一直到 XFD1048576，范围太大，没有打开。"
        "请删去数据下方和右侧多余的行、列后再发送。"
    )
    assert stored() == []


def test_a_cell_that_lies_across_two_blocks(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_row(b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>')
    for block in range(7, 60):
        monkeypatch.setattr(extent, "BLOCK", block)
        assert refusal(by, content).startswith("未能导入“学生.xlsx”：工作表里有内容的格一直到 XFD1048576")


def test_a_format_in_the_last_corner_harms_nobody(by: Actor) -> None:
    content = with_row(b'<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    job = imports.check(imports.receive(("学生.xlsx", content), by=by))
    assert (job.state, job.count("new")) == ("ready", 1)


def test_a_bomb_whose_directory_lies(by: Actor) -> None:
    content = bytearray(rewritten(lambda sheet: sheet.replace(b"<sheetData>", PADDING + b"<sheetData>")))
    start = content.find(b"PK\x01\x02")
    while content[start + 46 : start + 46 + len(SHEET)] != SHEET.encode():
        start = content.find(b"PK\x01\x02", start + 4)
    content[start + 24 : start + 28] = struct.pack("<I", 1_000)
    assert refusal(by, bytes(content)) == (
        "未能导入“学生.xlsx”：文件的内容与它自己的目录不符，可能是恶意文件，没有打开。请用 Excel 重新另存后再发送。"
    )


def test_a_file_that_stops_the_worker_again_and_again_is_given_up(by: Actor) -> None:
    job = imports.receive(("学生.xlsx", workbook([pupil(1)])), by=by)
    ImportJob.objects.filter(pk=job.pk).update(state="reading", starts=STARTS_LIMIT)
    assert recover_jobs() == 0
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.reason.startswith("未能导入“学生.xlsx”：读取时后台程序中断了 3 次，没有写入任何行。")


def test_starts_are_counted_until_a_check_comes_to_its_end(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = imports.receive(("学生.xlsx", workbook([pupil(1)])), by=by)
    with monkeypatch.context() as patch:
        patch.setattr(imports, "stage", lambda _job: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            imports.check(job)
    job.refresh_from_db()
    assert (job.state, job.starts) == ("reading", 1)
    assert imports.check(job).state == "ready"
    assert job.starts == 0
