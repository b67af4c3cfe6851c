"""Who writes rosters: members by the number of the school's staff, never by name; nobody twice at a time, one chief."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import Posting
from xianxue.kernel.columns import Column, Date, Name, Reference, Text, YesNo
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Lookup, Resolution
from xianxue.kernel.sheets.problems import PROBLEM_SCHEMA
from xianxue.meetings.access import KEEPS_ROSTERS
from xianxue.meetings.models import Body, Seat
from xianxue.people.sheets.numbers import staff_lookup, with_staff_numbers

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


class BodyLookup(Lookup):
    """A body by its name, or by its kind: the one of that kind that is still there."""

    def named(self, units: Sequence[int], texts: Sequence[str]) -> pl.DataFrame:
        bodies = list(self.rows().filter(unit_id__among=units))
        by_kind = [
            (body.unit_id, str(body.get_kind_display()), body.pk, body.name) for body in bodies if body.ended_on is None
        ]
        # A name comes last, for it says more than a kind.
        return self.table([*by_kind, *((body.unit_id, body.name, body.pk, body.name) for body in bodies)])


class SeatWriter(ModelWriter):
    """Seats of the bodies of the schools whose rosters the sender keeps."""

    model, columns, key = Seat, SEAT, KEY
    unit_field, grant = "body__unit_id", KEEPS_ROSTERS
    lookups = (
        BodyLookup(
            "body",
            lambda: Body.objects.order_by("started_on", "pk"),
            "P641",
            fills="body_id",
            also={"_body_name": "name"},
        ),
        staff_lookup("P642", "P643", fills="person_id"),
        Lookup(
            "account",
            lambda: Posting.objects.filter(user__is_active=True),
            "P647",
            number="user__username",
            key="user_id",
            fills="user_id",
        ),
    )

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        found = super().resolve(rows, context)
        named = found.rows.join(rows.select("row", "body"), on="row", how="left", maintain_order="left")
        return replace(found, rows=named.with_columns(body=pl.coalesce("_body_name", "body")))

    def further(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        yield _clashes(frame)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        return with_staff_numbers(super().current(ids, reveal=reveal))

    def values_of(self, rows: pl.DataFrame) -> dict[str, list[Any]]:
        """A new seat is the last of its body."""
        values = super().values_of(rows)
        taken = Counter(Seat.objects.filter(body_id__among=values["body_id"]).values_list("body_id", flat=True))
        values["order"] = []
        for body in values["body_id"]:
            values["order"].append(taken[body])
            taken[body] += 1
        return values


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
        if row["_body"] is None or row["_staff_no"] is None or not row["started_on"]:
            continue
        bodies.add(row["_body"])
        # An empty cell of a workbook leaves what is there.
        old = known.get(row["id"])
        chief = YesNo().to_python(row["is_chief"]) if row["is_chief"] else bool(old and old.is_chief)
        end = date.fromisoformat(row["ended_on"]) if row["ended_on"] else (old and old.ended_on)
        start = date.fromisoformat(row["started_on"])
        yield _Term(row["row"], row["_body"], row["_staff_no"], row["_name"] or "", bool(chief), start, end or FOR_EVER)
    others = Seat.objects.filter(body_id__among=bodies).exclude(pk__in=mentioned).select_related("person")
    for seat in others:
        end = seat.ended_on or FOR_EVER
        yield _Term(None, seat.body_id, seat.person_id, seat.person.name, seat.is_chief, seat.started_on, end)
