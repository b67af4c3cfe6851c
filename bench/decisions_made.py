"""Schools with years of proposals, meetings and payments, made in bulk: the same ones for the same numbers.

Most are lawful; every fiftieth proposal has a fault of one of four kinds, every thousandth payment was never decided.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from tests.factories.organisations import CountyFactory, SchoolFactory
from tests.factories.people import PersonFactory
from xianxue.decisions import models as decided
from xianxue.kernel import bulk
from xianxue.kernel.procedures.models import Matter, Party
from xianxue.ledgers.models import Payment
from xianxue.meetings import models as met

SEED = 20_241_015
MEMBERS = 7
ITEMS = 2
"""Items of decision a meeting."""
RULE = {
    "quorum": {"num": 1, "den": 2, "strict": False, "base": "roster"},
    "majority": {"num": 1, "den": 2, "strict": True, "base": "roster"},
    "version": "2024-1",
}
KINDS = ("wages", "utilities", "insurance", "supplies", "service", "activity")
FAULTS = ("quorum", "chief_first", "short_notice", "no_publication")


@dataclass
class Rows:
    """Rows that wait to be written, by model, with keys given beforehand."""

    waiting: dict[type[Model], list[dict[str, Any]]] = field(default_factory=dict)
    last: dict[type[Model], int] = field(default_factory=dict)

    def add(self, model: type[Model], **facts: Any) -> int:
        """A row; returns its key."""
        key = self.last[model] = self.last.get(model, 0) + 1
        self.waiting.setdefault(model, []).append({"id": key, **facts})
        return key

    def write(self) -> int:
        """Write all that waits; returns how many rows."""
        count = 0
        for model, rows in self.waiting.items():
            fields = list(model._meta.concrete_fields)
            names = [field.attname for field in fields]
            # Asked for each row: some are keys of their own.
            plain = {field.attname: (lambda: None) if field.is_relation else field.get_default for field in fields}
            count += bulk.insert(
                model, names, ([row[name] if name in row else plain[name]() for name in names] for row in rows)
            )
        self.waiting.clear()
        return count


def make(*, schools: int, years: int, a_year: int, payments: int) -> int:
    """So many schools, years, proposals a school and year, payments in all; returns the number of rows."""
    chance, rows, written = random.Random(SEED), Rows(), 0
    county = CountyFactory()
    rules = decided.RuleSet.objects.get()
    for place in range(schools):
        school = SchoolFactory(name=f"第 {place + 1} 学校", parent=county)
        people = [PersonFactory(name=f"成员{place}之{at}").pk for at in range(MEMBERS)]
        body = rows.add(met.Body, unit_id=school.pk, kind="party", name="党组织会议", started_on=date(2015, 1, 1))
        for at, person in enumerate(people):
            rows.add(met.Seat, body_id=body, person_id=person, duty="委员", is_chief=at == 0, is_discipline=at == 2,
                     order=at, started_on=date(2015, 1, 1))  # fmt: skip
        one = School(school.pk, county.pk, people, body, rules.pk, chance)
        for year in range(timezone.localdate().year - years, timezone.localdate().year):
            _year(rows, one, year, a_year)
        written += rows.write() + _pay(rows, one, payments // schools, years)
    bulk.refresh_statistics()
    return written


@dataclass(frozen=True)
class School:
    """A school with those who decide."""

    pk: int
    county: int
    people: list[int]
    body: int
    rules: int
    chance: random.Random


def _year(rows: Rows, school: School, year: int, count: int) -> None:
    edition = rows.add(
        decided.CatalogueEdition, unit_id=school.pk, number=f"{year}", state="filed", adopted_on=date(year - 1, 12, 20),
        sent_on=date(year - 1, 12, 21), filed_on=date(year - 1, 12, 25), valid_from=date(year, 1, 1),
        valid_to=date(year, 12, 31),
    )  # fmt: skip
    entry = rows.add(
        decided.CatalogueEntry, edition_id=edition, code="X1", name="设备采购", category="project", chain=["party"],
        preparations=["research", "consultation"], publication_days=5, payment_kinds=["equipment"],
    )  # fmt: skip
    for start in range(0, count, ITEMS):
        day = date(year, 1, 15) + timedelta(days=start * 330 // count)
        day -= timedelta(days=max(0, day.weekday() - 4))
        fault = school.chance.choice(FAULTS) if school.chance.random() < ITEMS / 50 else ""
        _meeting(rows, school, entry, _Plan(day, f"{year}-{start + 1:04d}", min(ITEMS, count - start), fault))


@dataclass(frozen=True)
class _Plan:
    day: date
    number: str
    items: int
    fault: str


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _matter(rows: Rows, procedure: str, state: str, units: Mapping[str, int], day: date) -> int:
    matter = rows.add(
        Matter, procedure=procedure, state=state, unit_id=next(iter(units.values())), title="事项", steps_done=1,
        opened_on=day, state_since=day, finished_on=day,
    )  # fmt: skip
    for place, unit in units.items():
        rows.add(Party, matter_id=matter, place=place, unit_id=unit)
    return matter


def _meeting(rows: Rows, school: School, entry: int, plan: _Plan) -> None:
    day, fault = plan.day, plan.fault
    noticed = _at(day, 7) if fault == "short_notice" else _at(day - timedelta(days=4), 9)
    meeting = rows.add(
        met.Meeting, matter_id=_matter(rows, "meetings.meeting", "locked", {"unit": school.pk}, day), body_id=school.body,
        unit_id=school.pk, number=plan.number, title="党组织会议", place="会议室", starts_at=_at(day, 15),
        chair_id=school.people[0], noticed_at=noticed, began_at=_at(day, 15), ended_at=_at(day, 16, 30),
        entered_at=_at(day, 17), locked_at=_at(day, 18),
    )  # fmt: skip
    came = school.people[:3] if fault == "quorum" else school.people
    for at, person in enumerate(school.people):
        is_there = person in came
        rows.add(
            met.Attendance, meeting_id=meeting, person_id=person, name=f"成员{at}", role="member", is_chief=at == 0,
            is_discipline=at == 2, served_at=noticed, read_at=noticed, presence="present" if is_there else "absent",
            arrived_at=_at(day, 15) if is_there else None, absence_reason="" if is_there else "出差",
        )  # fmt: skip
        if is_there:
            rows.add(met.Signature, meeting_id=meeting, person_id=person, name=f"成员{at}", way="paper",
                     digest="", signed_at=_at(day, 18))  # fmt: skip
    for at in range(plan.items):
        _item(rows, school, _Item(meeting, entry, at, noticed, came), plan)


@dataclass(frozen=True)
class _Item:
    meeting: int
    entry: int
    place: int
    noticed: datetime
    came: list[int]


def _item(rows: Rows, school: School, one: _Item, plan: _Plan) -> None:
    day, minute = plan.day, one.place * 25
    proposal = _proposal(rows, school, one, plan)
    item = rows.add(
        met.AgendaItem, meeting_id=one.meeting, number=one.place + 1, kind="decision", title="购置设备", state="closed",
        added_at=one.noticed - timedelta(hours=1), materials_at=one.noticed, began_at=_at(day, 15, minute),
        ended_at=_at(day, 15, minute + 20), summary="讨论了必要性、预算和安装时间。", resolution="同意购置。",
        outcome="passed",
    )  # fmt: skip
    rows.add(decided.Tabling, proposal_id=proposal, item_id=item, tabled_at=one.noticed - timedelta(hours=1))
    order = one.came if plan.fault == "chief_first" else [*one.came[1:], one.came[0]]
    for at, person in enumerate(order, 1):
        rows.add(met.Opinion, item_id=item, order=at, person_id=person, name="成员", role="member",
                 is_chief=person == school.people[0], stance="agree", text="同意。", spoken_at=_at(day, 15, minute + 5))  # fmt: skip
    vote = rows.add(
        met.Vote, item_id=item, method="hands", rule=RULE, opened_at=_at(day, 15, minute + 15),
        closed_at=_at(day, 15, minute + 18), electorate=one.came, roster_count=MEMBERS, present_count=len(one.came),
        yes=len(one.came), is_passed=True,
    )  # fmt: skip
    for person in one.came:
        rows.add(met.Ballot, vote_id=vote, person_id=person, choice="yes", cast_at=_at(day, 15, minute + 18))


def _proposal(rows: Rows, school: School, one: _Item, plan: _Plan) -> int:
    day, before = plan.day, plan.day - timedelta(days=12)
    units = {"school": school.pk, "county": school.county}
    end = day + timedelta(days=12)
    amount = school.chance.randrange(600_000, 4_000_000)
    proposal = rows.add(
        decided.Proposal, matter_id=_matter(rows, "decisions.proposal", "archived", units, before), unit_id=school.pk,
        county_id=school.county, number=f"{plan.number}-{one.place}", title="购置设备", category="project",
        entry_id=one.entry, rule_set_id=school.rules, content="因教学需要。", amount_fen=amount, supplier="试验设备厂",
        proposer_name="总务处", proposed_on=before, is_passed=True, decided_on=day, resolution_number="决",
        resolution="同意购置。", approved_fen=amount, approved_supplier="试验设备厂",
        archived_on=end + timedelta(days=10), archive_number="档", review_due_on=date(2099, 1, 1),
    )  # fmt: skip
    for kind in ("research", "consultation", "communication"):
        rows.add(decided.Preparation, proposal_id=proposal, kind=kind, done_on=before + timedelta(days=3),
                 recorded_at=_at(before + timedelta(days=3), 10), name="办公室", result="done", count=10, text="已完成。")  # fmt: skip
    if plan.fault != "no_publication":
        rows.add(decided.Publication, proposal_id=proposal, place="公开栏", started_on=day + timedelta(days=1),
                 due_on=end, ended_on=end, text="予以公示。")  # fmt: skip
    task = rows.add(decided.Task, proposal_id=proposal, what="采购", owner_id=school.people[1], owner_name="成员",
                    due_on=end + timedelta(days=30), started_on=end + timedelta(days=1), done_on=end + timedelta(days=8))  # fmt: skip
    rows.add(decided.Feedback, task_id=task, on=end + timedelta(days=5), text="已到货。", percent=80, name="成员")
    rows.add(Payment, unit_id=school.pk, number=f"P{plan.number}-{one.place}", paid_on=end + timedelta(days=6),
             kind="equipment", purpose="设备款", payee="试验设备厂", amount_fen=amount, proposal_id=proposal)  # fmt: skip
    return proposal


def _pay(rows: Rows, school: School, count: int, years: int) -> int:
    """The other payments: most excluded or small, a few large and never decided."""
    first = date(timezone.localdate().year - years, 1, 1)
    keys = rows.last[Payment]
    rows.last[Payment] += count
    names = (
        "id",
        "unit_id",
        "number",
        "paid_on",
        "kind",
        "purpose",
        "payee",
        "amount_fen",
        "contract_number",
        "proposal_id",
    )
    return bulk.insert(Payment, names, _payments(school, count, keys, (first, years * 365)))


def _payments(school: School, count: int, key: int, span: tuple[date, int]) -> Iterable[tuple[Any, ...]]:
    chance, (first, days) = school.chance, span
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        amount = chance.randrange(1_000, 40_000)
        if at % 1000 == 999:
            kind, amount = "repair", 900_000
        day = first + timedelta(days=chance.randrange(days))
        yield (
            key + at + 1,
            school.pk,
            f"V{at:06d}",
            day,
            kind,
            "支出",
            f"商户{chance.randrange(4000)}",
            amount,
            "",
            None,
        )
