"""Who writes rosters: members by the number of the school's staff, never by name; nobody twice at a time, one chief."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import Posting
from xianxue.kernel import bulk
from xianxue.kernel.columns import Column, Date, Name, Reference, Text, YesNo
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Resolution
from xianxue.kernel.sheets.writer import PROBLEM_SCHEMA
from xianxue.meetings.access import KEEPS_ROSTERS
from xianxue.meetings.models import Body, Seat
from xianxue.people.models import StaffPost

KEY = (("unit", "body", "staff_no", "started_on"),)
SEAT = (
    Column("unit", _("学校"), Reference("schools"), path="body__unit_id", required=True,
           synonyms=("单位", "学校名称", "单位名称", "学校标识码"), example="第一小学"),
    Column("body", _("议事机构"), Text(60), path="body__name", required=True, synonyms=("机构", "机构名称", "会议类型"),
           example="党组织会议", help=_("机构名称，或者会议类型：党组织会议、校长办公会议、教职工代表大会。")),
    Column("staff_no", _("工号"), Text(20), path="person_id", required=True, synonyms=("教职工号", "职工号"),
           help=_("本校教职工的工号。"), example="T0001"),
    Column("name", _("姓名"), Name(), path="person__name", required=True, synonyms=("成员", "成员姓名"), example="李老师"),
    Column("duty", _("职务"), Text(20), required=True, synonyms=("职务名称", "党内职务"), example="委员"),
    Column("is_chief", _("主要负责人"), YesNo(), required=True, synonyms=("是否主要负责人",), example="否"),
    Column("is_discipline", _("纪检委员"), YesNo(), required=True, synonyms=("是否纪检委员",), example="否"),
    Column("account", _("登录名"), Text(40), path="user__username", synonyms=("账号", "用户名"),
           help=_("成员投票、签名用的账号；还没有的留空。")),
    Column("started_on", _("任职日期"), Date(), required=True, synonyms=("任职时间", "开始日期"), example="2024-01-10"),
    Column("ended_on", _("免职日期"), Date(), synonyms=("免职时间", "结束日期"), help=_("仍在任的留空。")),
)  # fmt: skip
WRITTEN = ("duty", "is_chief", "is_discipline", "started_on", "ended_on")
"""Columns that a change writes as they are; `account` is looked up, the others say which seat it is."""
FOR_EVER = date.max


@dataclass(frozen=True, slots=True)
class _Term:
    """A seat as it would be: of a row of the file, or of the records."""

    row: int | None
    body: int
    person: int
    name: str
    is_chief: bool
    start: date
    end: date

    def meets(self, other: "_Term") -> bool:
        """Whether both hold for longer than the day on which one follows the other."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{self.start} — {'' if self.end == FOR_EVER else self.end}"


class SeatWriter(ModelWriter):
    """Seats of the bodies of the schools whose rosters the sender keeps."""

    model, columns, key = Seat, SEAT, KEY
    unit_field, grant = "body__unit_id", KEEPS_ROSTERS

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        looked = _LookedUp(rows)
        found = [looked.of(named) for named in _named(rows)]
        units, bodies, persons, accounts = ([one[at] for one in found] for at in range(4))
        texts = rows["started_on"].to_list()
        starts = [date.fromisoformat(text) if text else None for text in texts]
        known = _seats_of(bodies)
        ids = [known.get(key) for key in zip(bodies, persons, starts, strict=True)]
        if context.record_id is not None:
            ids = [pk or context.record_id for pk in ids]
        frame = rows.with_columns(
            pl.Series("id", ids, dtype=pl.Int64),
            pl.Series("unit_id", units, dtype=pl.Int64),
            pl.Series("_body", bodies, dtype=pl.Int64),
            pl.Series("_person", persons, dtype=pl.Int64),
            pl.Series("_account", accounts, dtype=pl.Int64),
            pl.Series("body", [looked.names.get(pk) or text for pk, text in zip(bodies, rows["body"], strict=True)]),
            pl.Series("_name", [looked.people.get(pk) for pk in persons], dtype=pl.String),
        )
        kept = ["row", "id", "unit_id", "body", "_body", "_person", "_account"]
        return Resolution(frame.select(kept), pl.concat([*_unknown(frame), _clashes(frame)]))

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        frame = super().current(ids, reveal=reveal)
        numbers = _numbers(frame["staff_no"])
        texts = [numbers.get(key) for key in frame.select("unit", "staff_no").iter_rows()]
        return frame.with_columns(pl.Series("staff_no", texts, dtype=pl.String))

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        made: list[Seat] = []
        places: dict[int, int] = defaultdict(int)
        taken = Seat.objects.filter(body_id__among=rows["_body"].unique().to_list())
        for pk in taken.values_list("body_id", flat=True):
            places[pk] += 1
        for row in rows.iter_rows(named=True):
            values = {name: self._value(self._column(name), row[name]) for name in WRITTEN}
            keys = {"body_id": row["_body"], "person_id": row["_person"], "user_id": row["_account"]}
            made.append(Seat(**keys, **values, order=places[row["_body"]]))
            places[row["_body"]] += 1
        return [seat.pk for seat in Seat.objects.bulk_create(made)]

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        super().change(cells.filter(pl.col("column").is_in(WRITTEN)), context)
        accounts = cells.filter(pl.col("column") == "account")
        known = _accounts(accounts["unit_id"].to_list(), accounts["new"].to_list())
        users = [known.get(key) for key in accounts.select("unit_id", "new").iter_rows()]
        bulk.update(Seat, ("user_id",), zip(accounts["id"], users, strict=True))


def _named(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    return rows.select("unit", "body", "staff_no", "account").iter_rows()


class _LookedUp:
    """What the cells of some rows name: bodies, people, accounts of their schools. Three queries."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.units = sorted({int(text) for text in rows["unit"].drop_nulls()})
        self.names: dict[int | None, str] = {}
        self.bodies: dict[tuple[int, str], int] = {}
        # By name first: a kind names the body of that kind that is still there.
        found = list(Body.objects.filter(unit_id__among=self.units).order_by("started_on", "pk"))
        for body in found:
            self.names[body.pk] = body.name
            if body.ended_on is None:
                self.bodies[body.unit_id, str(body.get_kind_display())] = body.pk
        for body in found:
            self.bodies[body.unit_id, body.name] = body.pk
        posts = StaffPost.objects.filter(
            school_id__among=self.units, staff_no__among=rows["staff_no"].drop_nulls().to_list()
        )
        self.people: dict[int | None, str] = {}
        self.persons: dict[tuple[int, str], int] = {}
        columns = ("school_id", "staff_no", "person_id", "person__name")
        # The latest post, where a number was given again.
        for unit, number, person, name in posts.order_by("started_on", "pk").values_list(*columns):
            self.persons[unit, number], self.people[person] = person, name
        self.accounts = _accounts(self.units, rows["account"].to_list())

    def of(self, named: tuple[Any, ...]) -> tuple[int | None, int | None, int | None, int | None]:
        """Keys of unit, body, person, account that a row names; None for what it does not, or what nobody knows."""
        unit, body, number, account = named
        if unit is None:
            return None, None, None, None
        place = int(unit)
        return (
            place, self.bodies.get((place, body)), self.persons.get((place, number)), self.accounts.get((place, account)),
        )  # fmt: skip


def _accounts(units: Sequence[int], names: Sequence[str | None]) -> dict[tuple[int, str | None], int]:
    """(school, name at sign-in) → account that has a posting there."""
    wanted = [name for name in names if name]
    rows = Posting.objects.filter(unit_id__in=set(units), user__username__in=wanted, user__is_active=True)
    return {(unit, name): pk for unit, name, pk in rows.values_list("unit_id", "user__username", "user_id")}


def _seats_of(bodies: Sequence[int | None]) -> dict[tuple[Any, ...], int]:
    rows = Seat.objects.filter(body_id__among={pk for pk in bodies if pk})
    return {tuple(key): pk for pk, *key in rows.values_list("pk", "body_id", "person_id", "started_on")}


def _numbers(persons: pl.Series) -> Mapping[tuple[str, str], str]:
    """(school, person) → number of the staff there."""
    keys = {int(text) for text in persons.drop_nulls()}
    posts = StaffPost.objects.filter(person_id__among=keys).order_by("started_on", "pk")
    rows = posts.values_list("school_id", "person_id", "staff_no")
    return {(str(unit), str(person)): number for unit, person, number in rows}


def _unknown(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Rows that name a body, a person or an account that is not the school's, or a person of another name."""
    is_placed = pl.col("unit").is_not_null()
    for column, key, code in (
        ("body", "_body", "P641"),
        ("staff_no", "_person", "P642"),
        ("account", "_account", "P647"),
    ):
        yield _problems(frame, code, column, is_placed & pl.col(column).is_not_null() & pl.col(key).is_null())
    differs = pl.col("_name").is_not_null() & pl.col("name").is_not_null() & (pl.col("_name") != pl.col("name"))
    yield _problems(frame, "P643", "staff_no", differs, other=pl.col("_name"))


def _clashes(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows at which somebody would sit twice at a time, or a second chief beside the first."""
    terms = list(_terms(frame))
    by_body: dict[int, list[_Term]] = defaultdict(list)
    for term in terms:
        by_body[term.body].append(term)
    found: dict[tuple[int, str], str] = {}
    for term in terms:
        if term.row is None:
            continue
        for other in by_body[term.body]:
            if other is term or not term.meets(other):
                continue
            if other.person == term.person:
                found.setdefault((term.row, "P645"), str(other))
            elif other.is_chief and term.is_chief:
                found.setdefault((term.row, "P646"), other.name)
    columns = {"P645": "started_on", "P646": "is_chief"}
    data = [(row, columns[code], code, None, other, None) for (row, code), other in found.items()]
    return pl.DataFrame(data, schema=PROBLEM_SCHEMA, orient="row")


def _terms(frame: pl.DataFrame) -> Iterator[_Term]:
    """The seats as they would be: those of the rows, and those of the same bodies that no row is about."""
    mentioned, bodies = {pk for pk in frame["id"].to_list() if pk}, set()
    known = {seat.pk: seat for seat in Seat.objects.filter(pk__among=mentioned)}
    for row in frame.iter_rows(named=True):
        if row["_body"] is None or row["_person"] is None or not row["started_on"]:
            continue
        bodies.add(row["_body"])
        # An empty cell of a workbook leaves what is there.
        old = known.get(row["id"])
        chief = YesNo().to_python(row["is_chief"]) if row["is_chief"] else bool(old and old.is_chief)
        end = date.fromisoformat(row["ended_on"]) if row["ended_on"] else (old and old.ended_on)
        start = date.fromisoformat(row["started_on"])
        yield _Term(row["row"], row["_body"], row["_person"], row["_name"] or "", bool(chief), start, end or FOR_EVER)
    others = Seat.objects.filter(body_id__among=bodies).exclude(pk__in=mentioned).select_related("person")
    for seat in others:
        end = seat.ended_on or FOR_EVER
        yield _Term(None, seat.body_id, seat.person_id, seat.person.name, seat.is_chief, seat.started_on, end)


def _problems(
    frame: pl.DataFrame, code: str, column: str, when: pl.Expr, *, other: pl.Expr | None = None
) -> pl.DataFrame:
    broken = frame.filter(when.fill_null(value=False))
    nothing = pl.lit(None, dtype=pl.String)
    return broken.select(
        row=pl.col("row").cast(pl.UInt32),
        column=pl.lit(column),
        code=pl.lit(code),
        value=nothing,
        other=nothing if other is None else other,
        suggestion=nothing,
    ).select(list(PROBLEM_SCHEMA))
