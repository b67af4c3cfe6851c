"""A proposal with which nothing is wrong, as plain values; every test breaks one thing of it."""

import dataclasses
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, partial
from importlib import resources
from typing import Any, TypeVar

from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import (
    Assigned,
    Attendee,
    Case,
    Contracted,
    Edition,
    Entry,
    Prepared,
    Published,
    Sitting,
    Spent,
    Spoken,
    Voted,
)
from xianxue.meetings.rules.majority import Base, Fraction

Facts = TypeVar("Facts")
CHINA = timezone(timedelta(hours=8))
MORE_THAN_HALF = Fraction(1, 2, strict=True, base=Base.ROSTER)
PROPOSED, FIRST, SECOND, TODAY = date(2024, 4, 1), date(2024, 4, 22), date(2024, 4, 25), date(2024, 9, 2)
SIX_PREPARED = ("research", "alternatives", "consultation", "legal", "integrity", "communication")
SIZE = 7
SUPPLIER, YUAN = "宏业建筑有限公司", 8_640_000


def replace(facts: Facts, **changes: Any) -> Facts:
    """The facts with some of them changed; of what a school has thousands of they are named tuples."""
    change: Any = getattr(facts, "_replace", None) or partial(dataclasses.replace, facts)
    made: Facts = change(**changes)
    return made


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in China."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).astimezone(UTC)


@cache
def release_book() -> RuleBook:
    """The rules of the release, from the file that it brings."""
    file = resources.files("xianxue.decisions").joinpath("data/rules.toml")
    return RuleBook.of("2024-1", tomllib.loads(file.read_text(encoding="utf-8")))


def entry(**given: Any) -> Entry:
    """校舍维修: first the administrative meeting, then the party's; filed three days before, five days public."""
    facts: dict[str, Any] = {
        "code": "P04", "name": "校舍维修", "category": "project", "chain": ("administration", "party"),
        "preparations": frozenset({"research", "alternatives", "consultation", "legal", "integrity"}), "majority": "",
        "is_important": False, "is_staff_interest": False, "threshold_fen": 1_000_000, "payment_kinds": frozenset({"repair"}),
        "filing_days": 3, "publication_days": 5,
    }  # fmt: skip
    return Entry(**{**facts, **given})


def prepared(kind: str, day: date = date(2024, 4, 10), **given: Any) -> Prepared:
    """A preparation done and recorded on one day, by nobody who proposed."""
    facts: dict[str, Any] = {"user_id": 9, "name": "办公室", "result": "done", "count": 2}
    return Prepared(kind, day, moment(day, 16), **{**facts, **given})


def members(size: int = SIZE) -> tuple[Attendee, ...]:
    """A body: the first is the chief, the third looks after discipline; all had notice, all came."""
    return tuple(
        Attendee(
            person, f"成员{person}", "member", "present", is_chief=person == 1, is_discipline=person == 3,
            served_at=moment(FIRST - timedelta(days=4), 9), read_at=moment(FIRST - timedelta(days=4), 17),
        )
        for person in range(1, size + 1)
    )  # fmt: skip


def voted(people: tuple[int, ...], **given: Any) -> Voted:
    """Everybody for it."""
    facts: dict[str, Any] = {
        "method": "hands", "rule": MORE_THAN_HALF, "closed_at": moment(FIRST, 16), "electorate": people,
        "roster": len(people), "present": len(people), "yes": len(people), "no": 0, "abstain": 0, "invalid": 0,
        "is_passed": True, "ballots": dict.fromkeys(people, "yes"),
    }  # fmt: skip
    return Voted(**{**facts, **given})


def sitting(kind: str, day: date, size: int = SIZE, **given: Any) -> Sitting:
    """A meeting that passed it in twenty minutes, with everybody's opinion, the chief's last, signed by all."""
    people = members(size)
    keys = tuple(one.person for one in people)
    order = (*keys[1:], *keys[:1])
    notice = moment(day - timedelta(days=4), 9)
    facts: dict[str, Any] = {
        "meeting": day.toordinal(), "number": f"{day:%m%d}", "body_kind": kind, "stands_in_for": frozenset(),
        "counts_only": False, "starts_at": moment(day, 15), "noticed_at": notice, "began_at": moment(day, 15),
        "ended_at": moment(day, 15, 40), "entered_at": moment(day, 18), "locked_at": moment(day, 19),
        "amended_after_lock": False, "changed_after_lock": False, "roster_total": None, "present_total": None,
        "has_chair": True, "added_at": notice - timedelta(minutes=30), "late_reason": "", "late_approved_by": "",
        "materials_at": notice, "item_began_at": moment(day, 15, 20), "item_ended_at": moment(day, 15, 40),
        "outcome": "passed", "has_summary": True, "has_resolution": True, "item_count": 1, "shares_vote": False,
        "attendees": people,
        "opinions": tuple(
            Spoken(place, person, "member", person == 1, "agree", has_text=True) for place, person in enumerate(order, 1)
        ),
        "vote": voted(keys), "signed": frozenset(keys),
    }  # fmt: skip
    return Sitting(**{**facts, **given})


def case(**given: Any) -> Case:
    """The whole, archived."""
    facts: dict[str, Any] = {
        "id": 1, "unit": 5, "today": TODAY, "number": "2024-001", "title": "教学楼屋面维修", "category": "project",
        "entry": entry(), "edition": Edition("2024", date(2024, 1, 10), date(2024, 1, 20), date(2024, 1, 20), None),
        "amount_fen": YUAN, "supplier": SUPPLIER, "proposer_id": 7, "proposed_on": PROPOSED, "is_urgent": False,
        "acted_on": None, "is_confidential": False, "has_confidential_basis": False, "is_passed": True,
        "decided_on": SECOND, "approved_fen": YUAN, "approved_supplier": SUPPLIER, "archived_on": date(2024, 7, 1),
        "review_due_on": None, "reviewed_on": None,
        "preparations": (*(prepared(kind) for kind in SIX_PREPARED), prepared("filing", date(2024, 4, 12))),
        "sittings": (sitting("administration", FIRST), sitting("party", SECOND)),
        "publications": (Published(date(2024, 4, 26), date(2024, 5, 6), date(2024, 5, 6)),),
        "tasks": (
            Assigned(True, date(2024, 6, 30), date(2024, 5, 8), date(2024, 6, 20), (date(2024, 5, 20), date(2024, 6, 10))),
        ),
        "payments": (Spent(1, "FK1", date(2024, 6, 21), "repair", SUPPLIER, YUAN, 1, SECOND),),
        "contracts": (Contracted(1, "HT1", date(2024, 5, 8), "repair", SUPPLIER, YUAN, date(2024, 5, 8), 1, SECOND),),
    }  # fmt: skip
    return Case(**{**facts, **given})


def with_last(given: Case, **changes: Any) -> Case:
    """The same with something else at its last meeting."""
    *others, last = given.sittings
    return replace(given, sittings=(*others, replace(last, **changes)))


def without(given: Case, kind: str) -> Case:
    """The same without a preparation."""
    return replace(given, preparations=tuple(one for one in given.preparations if one.kind != kind))
