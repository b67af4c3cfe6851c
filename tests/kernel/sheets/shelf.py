"""A small register of its own for tests of the pipeline: pupils in one plain table, two schools."""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import openpyxl
import polars as pl
from django.db import connection
from django.urls import get_resolver

from xianxue.kernel import columns, sheets
from xianxue.kernel.access import Grant, Reach, UnitScope, current_reach, holds
from xianxue.kernel.columns import Column, Referent, problems, providers
from xianxue.kernel.columns.types.identity import check_character
from xianxue.kernel.crypto import digests, open_text, seal_text
from xianxue.kernel.sheets import Context, Resolution, Rule, Sheet, Writer
from xianxue.kernel.sheets import sheet as registry

# Far beyond what a sequence reaches in a run of the tests.
FIRST, SECOND = 900_011, 900_012
SCHOOLS = (
    Referent(FIRST, "城南小学", ("2136000011", "万载县城南小学"), FIRST),
    Referent(SECOND, "白良镇中心小学", ("2136000012",), SECOND),
)
FIELDS = ("name", "number", "born_on", "ethnic", "phone", "school", "boards")
PROBLEM = columns.ProblemKind(
    "P390",
    "出生日期与身份证号不一致",
    "“%(label)s”“%(value)s”与身份证号里的出生日期 %(other)s 不一致。",
    "出生日期须与身份证号一致。",
    "核对户口簿，二选一。",
)


class Table:
    """A code list."""

    def __init__(self, labels: Mapping[str, str], spellings: Mapping[str, str]) -> None:
        self.labels, self.spellings = (
            labels,
            {**{v: v for v in labels}, **{t: v for v, t in labels.items()}, **spellings},
        )


ETHNIC = Table({"01": "汉族", "02": "蒙古族", "03": "回族", "98": "外国血统"}, {"汉": "01"})


class ShelfWriter(Writer):
    """Writes the table `shelf` by plain SQL."""

    subject_type: ClassVar[str] = "tests.shelf"
    grant: ClassVar[Grant] = holds("registrar", "*")
    closes: ClassVar[bool] = True

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        numbers = rows["number"].to_list()
        known = {number: pk for pk, number in self._select("digest, id", "digest", _digests(numbers))}
        pks = [known.get(digest) for digest in _digests(numbers)]
        found = rows.select("row", unit_id=pl.col("school").cast(pl.Int64)).with_columns(
            pl.Series("id", pks, dtype=pl.Int64)
        )
        units = dict(self._select("id, school", "id", [pk for pk in pks if pk]))
        known_units = pl.Series("known", [int(units[pk]) if pk else None for pk in pks], dtype=pl.Int64)
        return Resolution(found.with_columns(unit_id=pl.coalesce("unit_id", known_units)))

    def _select(self, what: str, field: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        values = [value for value in values if value is not None]
        if not values:
            return []
        marks = ", ".join(["%s"] * len(values))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {what} FROM shelf WHERE {field} IN ({marks})", values)
            found = cursor.fetchall()
        return [(row[1], row[0]) for row in found] if what.startswith("digest") else list(found)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        rows = self._select("id, name, sealed, digest, born_on, ethnic, phone, school, boards", "id", list(ids))
        data = [
            (pk, name, open_text(sealed) if "number" in reveal else digest, *rest)
            for pk, name, sealed, digest, *rest in rows
        ]
        return pl.DataFrame(data, schema={"id": pl.Int64, **dict.fromkeys(FIELDS, pl.String)}, orient="row")

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM shelf")
            first = cursor.fetchone()[0] + 1
            values = [
                (pk, row["name"], seal_text(row["number"]), *_digests([row["number"]]), row["born_on"], row["ethnic"],
                 row["phone"], row["school"], row["boards"])
                for pk, row in enumerate(rows.iter_rows(named=True), first)
            ]  # fmt: skip
            cursor.executemany("INSERT INTO shelf VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s)", values)
        return range(first, first + rows.height)

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        with connection.cursor() as cursor:
            for pk, name, new in cells.select("id", "column", "new").iter_rows():
                if name == "number":
                    cursor.execute(
                        "UPDATE shelf SET sealed = %s, digest = %s WHERE id = %s",
                        [seal_text(new), *_digests([new]), pk],
                    )
                else:
                    cursor.execute(f"UPDATE shelf SET {name} = %s WHERE id = %s", [new, pk])

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM shelf WHERE id = %s", [(pk,) for pk in ids])
        return {}

    def roster(self, unit_ids: Collection[int]) -> pl.DataFrame:
        rows = self._select("id, school, name", "school", [str(pk) for pk in unit_ids])
        rows = [(pk, int(school), name) for pk, school, name in rows if not name.startswith("离册")]
        return pl.DataFrame(rows, schema={"id": pl.Int64, "unit_id": pl.Int64, "label": pl.String}, orient="row")

    def close(self, ids: Sequence[int], context: Context) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE shelf SET name = '离册' || name WHERE id = %s", [(pk,) for pk in ids])

    def reopen(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE shelf SET name = substr(name, 3) WHERE id = %s", [(pk,) for pk in ids])
        return {}


def _digests(numbers: Sequence[str | None]) -> list[str | None]:
    return [digests("shelf_number", [number])[0] if number else None for number in numbers]


def _birth_conflict() -> pl.Expr:
    return pl.col("number").str.slice(6, 8) != pl.col("born_on").str.replace_all("-", "", literal=True)


SHEET = Sheet(
    code="shelf",
    label="测试学生",
    columns=(
        Column("name", "姓名", columns.Name(), required=True, synonyms=("学生姓名",), critical=True),
        Column("number", "身份证号", columns.IdNumber(), sealed=True, digest_kind="shelf_number", synonyms=("证件号码",)),
        Column("born_on", "出生日期", columns.Date(), required=True),
        Column("ethnic", "民族", columns.Code("shelf_ethnic")),
        Column("phone", "联系电话", columns.Phone(), synonyms=("监护人1电话",)),
        Column("school", "学校", columns.Reference("shelf_schools"), required=True, synonyms=("学校名称", "学校标识码")),
        Column("boards", "是否寄宿", columns.YesNo()),
    ),
    key=(("number",),),
    writer=ShelfWriter(),
    rules=(
        Rule(
            "P390", ("born_on", "number"), _birth_conflict,
            other=lambda: pl.col("number").str.slice(6, 8).str.to_date("%Y%m%d").dt.strftime("%Y-%m-%d"),
            mend=lambda: pl.col("number").str.slice(6, 8),
        ),
    ),
    unit_column="school",
)  # fmt: skip


def create_table() -> None:
    """Make the table in the current database."""
    fields = "name text, sealed text, digest text, born_on text, ethnic text, phone text, school text, boards text"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS shelf (id bigint primary key, {fields})")


def schools_in_reach() -> Iterable[Referent]:
    """The schools that the reach in force covers."""
    return [school for school in SCHOOLS if school.unit_id in current_reach().units]


def registrar(*units: int, user_id: int = 7) -> Reach:
    """The reach of a registrar."""
    return Reach(roles={"registrar": UnitScope(frozenset(units))}, user_id=user_id, label="刘经办")


@contextmanager
def sheet_registered() -> Iterator[Sheet]:
    """Only the shelf is known while the block lasts."""
    known = dict(problems._kinds)
    columns.register_problems([PROBLEM])
    # The addresses of programs are made from the sheets that are there.
    assert get_resolver().url_patterns
    kept, codes = dict(registry._registry), providers._providers.codes
    registry._registry.clear()
    columns.provide_references("shelf_schools", schools_in_reach)
    columns.provide_codes(lambda code: ETHNIC if code == "shelf_ethnic" else (codes(code) if codes else Table({}, {})))
    try:
        yield sheets.register(SHEET)
    finally:
        registry._registry.clear()
        registry._registry.update(kept)
        problems._kinds.clear()
        problems._kinds.update(known)
        providers._providers.codes = codes


def id_number(serial: int, born: str = "20150901") -> str:
    """An invented ID number of an area that does not exist."""
    body = f"990000{born}{serial:03d}"
    return body + check_character(body)


HEADS = ("姓名", "身份证号", "出生日期", "民族", "联系电话", "学校", "是否寄宿")


def pupil(serial: int, **changed: Any) -> tuple[Any, ...]:
    """A row for the sheet, right unless changed."""
    names = dict(zip(("name", "number", "born_on", "ethnic", "phone", "school", "boards"), range(7), strict=True))
    row: list[Any] = [
        f"张小{'甲乙丙丁戊己庚辛'[serial % 8]}",
        id_number(serial),
        "2015-09-01",
        "汉族",
        "13800000001",
        "城南小学",
        "是",
    ]
    for name, value in changed.items():
        row[names[name]] = value
    return tuple(row)


def workbook(rows: Iterable[Sequence[Any]], heads: Sequence[Any] = HEADS, *, title: str = "Sheet1") -> bytes:
    """An .xlsx of one sheet: heads, then rows."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = title
    for row in (heads, *rows):
        page.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def opened(content: bytes) -> Any:
    """The first page of a workbook."""
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def stored() -> list[tuple[Any, ...]]:
    """What the table holds, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name, born_on, ethnic, phone, school, boards FROM shelf ORDER BY id")
        return list(cursor.fetchall())
