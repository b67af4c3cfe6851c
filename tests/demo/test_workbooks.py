"""The workbooks: the same contents for the same seed, every layout, and a true list of what is spoiled."""

import json
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from tests.demo.conftest import SMALL
from xianxue.demo.county import build
from xianxue.demo.dirt import ERROR
from xianxue.demo.fields import headings
from xianxue.demo.manifest import Manifest, SheetFile
from xianxue.demo.workbooks import layout


def cells(path: Path) -> list[tuple[object, ...]]:
    """Every cell of a file as text, all sheets one after another."""
    if path.suffix == ".csv":
        return [tuple(line.split(",")) for line in path.read_text(encoding="gbk").splitlines()]
    book = fastexcel.read_excel(path)
    return [
        tuple(cell and cell.removesuffix(" 00:00:00") for cell in row)
        for name in book.sheet_names
        for row in book.load_sheet(name, header_row=None, dtypes="string").to_polars().rows()
    ]


def _pupil_files(manifest: Manifest, layout_name: str) -> list[SheetFile]:
    return [file for file in manifest.files if file.sheet == "pupils" and file.layout == layout_name]


def test_the_same_seed_writes_the_same_contents(sent: Manifest, tmp_path: Path) -> None:
    again = build("wanzai", tmp_path, scale=SMALL, say=lambda _line: None)
    assert again.files == sent.files
    assert again.planted == sent.planted
    for file in sent.files:
        assert cells(sent.folder / file.path) == cells(tmp_path / file.path), file.path


def test_every_file_that_is_listed_is_there_and_no_other(sent: Manifest) -> None:
    on_disk = {path.name for path in sent.folder.iterdir()} - {"manifest.json", "planted.json"}
    assert on_disk == {file.path for file in sent.files}


def test_the_manifest_can_be_read_back(sent: Manifest) -> None:
    assert Manifest.read(sent.folder) == sent


def test_files_stand_in_the_order_in_which_they_depend_on_one_another(sent: Manifest) -> None:
    order = [
        "school-years",
        "terms",
        "schools",
        "classes",
        "staff",
        "pupils",
        "aid_grants",
        "projects",
        "project_funding",
        "project_gates",
    ]
    assert [order.index(file.sheet) for file in sent.files] == sorted(order.index(file.sheet) for file in sent.files)


@pytest.mark.parametrize("name", ["template", "national", "school", "csv"])
def test_every_layout_is_used(sent: Manifest, name: str) -> None:
    assert _pupil_files(sent, name)


def test_template_has_our_headings_in_the_first_row(sent: Manifest) -> None:
    file = next(file for file in _pupil_files(sent, "template") if not file.dirty)
    rows = cells(sent.folder / file.path)
    assert rows[0] == tuple(headings("pupils").values())
    assert len(rows) == file.rows + 1


def test_national_layout_has_a_title_above_its_headings(sent: Manifest) -> None:
    file = _pupil_files(sent, "national")[0]
    rows = cells(sent.folder / file.path)
    assert [cell for cell in rows[0] if cell] == [rows[0][0]]
    assert rows[1] == tuple(heading.text for heading in layout("national").headings)
    assert len(rows) == file.rows + 2


def test_a_schools_own_layout_has_two_rows_of_heads(sent: Manifest) -> None:
    file = _pupil_files(sent, "school")[0]
    rows = cells(sent.folder / file.path)
    groups = [cell for cell in rows[1] if cell]
    assert groups == list(dict.fromkeys(heading.group for heading in layout("school").headings))
    assert [str(cell).strip() for cell in rows[2]] == [heading.text for heading in layout("school").headings]
    assert len(rows) == file.rows + 3


def test_csv_is_in_the_code_page_of_old_machines(sent: Manifest) -> None:
    raw = (sent.folder / _pupil_files(sent, "csv")[0].path).read_bytes()
    assert raw.startswith("学籍号,姓名".encode("gbk"))
    assert raw.count(b"\r\n") == raw.count(b"\n")


def test_foreign_layouts_name_fields_that_exist() -> None:
    known = {*headings("pupils"), "school_name", ""}
    assert {heading.field for name in ("national", "school") for heading in layout(name).headings} <= known


def test_each_spoiled_file_has_a_mended_one_after_it(sent: Manifest) -> None:
    dirty = [file.path for file in sent.files if file.dirty]
    assert dirty
    for at, file in enumerate(sent.files):
        if file.dirty:
            assert sent.files[at + 1].mends == file.path


def test_the_list_of_planted_errors_names_just_the_cells_that_differ(sent: Manifest) -> None:
    labels = list(headings("pupils"))
    for dirty in (file for file in sent.files if file.dirty):
        mended = next(file for file in sent.files if file.mends == dirty.path)
        spoiled_rows, right_rows = cells(sent.folder / dirty.path), cells(sent.folder / mended.path)
        differing = {
            (number, labels[at])
            for number, (spoiled, right) in enumerate(zip(spoiled_rows, right_rows, strict=False), start=1)
            for at in range(len(labels))
            if spoiled[at] != right[at]
        }
        extra = {(number, "student_no") for number in range(len(right_rows) + 1, len(spoiled_rows) + 1)}
        planted = {(entry.row, entry.field) for entry in sent.planted if entry.file == dirty.path}
        assert differing | extra == planted


def test_every_kind_of_error_is_planted(sent: Manifest) -> None:
    kinds = {entry.kind for entry in sent.planted}
    assert kinds == {
        "id_became_float",
        "wrong_check_digit",
        "birth_date_contradicts",
        "unknown_ethnic_group",
        "unknown_class",
        "unknown_grade",
        "name_missing",
        "full_width_digits",
        "serial_date",
        "same_row_twice",
        "same_pupil_twice",
    }
    assert {entry.expect for entry in sent.planted} == {ERROR, "tolerated"}


def test_planted_json_lists_what_the_manifest_holds(sent: Manifest) -> None:
    listed = json.loads((sent.folder / "planted.json").read_text(encoding="utf-8"))
    assert listed == [entry.as_dict() for entry in sent.planted]


def test_amounts_stand_in_yuan(sent: Manifest) -> None:
    path = next(file.path for file in sent.files if file.sheet == "aid_grants" and "2024" in file.path)
    frame = pl.DataFrame(fastexcel.read_excel(sent.folder / path).load_sheet(0).to_polars())
    assert set(frame["金额（元）"].cast(pl.Float64).to_list()) <= {
        312.5, 375.0, 400.0, 500.0, 625.0, 725.0, 750.0, 850.0, 875.0, 1000.0, 1250.0, 6000.0
    }  # fmt: skip
