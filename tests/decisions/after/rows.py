"""A decided proposal with the meeting that decided it, as rows: what comes before is others' business."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.factories.people import PersonFactory
from xianxue.decisions.choices import Category
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, Proposal, RuleSet, Tabling
from xianxue.kernel.procedures.models import Matter, Party
from xianxue.meetings.choices import (
    AgendaKind,
    AttendanceRole,
    BodyKind,
    ItemOutcome,
    ItemState,
    Presence,
    SignatureWay,
    Stance,
    VoteMethod,
)
from xianxue.meetings.models import AgendaItem, Attendance, Body, Meeting, Opinion, Recusal, Signature, Vote
from xianxue.organisations.models import School
from xianxue.people.models import Person

DAY = date(2024, 10, 8)
"""Tuesday, the first working day after the holidays."""
NAMES = ("周一鸣", "吴二南", "郑三思", "王四维", "冯五常", "陈六和", "褚七星")
HALF = {"num": 1, "den": 2, "strict": True, "base": "roster"}
RULE = {"quorum": {**HALF, "strict": False}, "majority": HALF, "version": "2024-1"}


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    """A moment of the day in China."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _matter(cast: Cast, school: School, procedure: str, state: str, title: str, *places: str) -> Matter:
    units = {"school": school.unit, "unit": school.unit, "county": cast.county}
    made: Matter = Matter.unguarded.create(
        procedure=procedure, state=state, unit_id=school.pk, title=title, opened_on=DAY, state_since=DAY
    )
    Party.objects.bulk_create(Party(matter=made, place=place, unit_id=units[place].pk) for place in places)
    return made


def entry(cast: Cast, **facts: Any) -> CatalogueEntry:
    """An entry of the first school's list."""
    edition, _is_new = CatalogueEdition.unguarded.get_or_create(
        unit=cast.first_primary.unit, number="2024", defaults={"valid_from": date(2024, 1, 1)}
    )
    code = facts.pop("code", f"E{CatalogueEntry.unguarded.count() + 1}")
    given = {"name": "设施设备采购", "category": Category.PROJECT, "chain": ["party"], "publication_days": 5, **facts}
    made: CatalogueEntry = CatalogueEntry.unguarded.create(edition=edition, code=code, **given)
    return made


def proposal(cast: Cast, state: str = "decided", *, school: School | None = None, **facts: Any) -> Proposal:
    """A proposal that was passed, of the first school unless another is given."""
    school = school or cast.first_primary
    number = Proposal.unguarded.count() + 1
    title = facts.setdefault("title", "购置图书室书架")
    given = {
        "number": f"2024-{number:03d}",
        "category": Category.PROJECT,
        "entry": facts.pop("entry", None) or entry(cast),
        "rule_set": RuleSet.objects.get(),
        "amount_fen": 12_600_00,
        "proposer_name": "钱主任",
        "proposed_on": date(2024, 9, 20),
        "is_passed": True,
        "decided_on": DAY,
        "resolution_number": f"〔2024〕{number}号",
        "resolution": "同意购置图书室书架 42 组",
        "approved_fen": 12_600_00,
        "approved_supplier": "试验家具厂",
        **facts,
    }
    matter = _matter(cast, school, "decisions.proposal", state, title, "school", "county")
    made: Proposal = Proposal.unguarded.create(matter=matter, unit=school.unit, county=cast.county, **given)
    return made


def people(count: int = 7) -> list[Person]:
    """Members of a body."""
    return [PersonFactory(name=name, born_on=date(1980, 1, 1 + at)) for at, name in enumerate(NAMES[:count])]


def meeting(cast: Cast, *, size: int = 7, absent: int = 1, **facts: Any) -> Meeting:
    """A meeting of the party organisation; the first member is the chief and the last ones are absent."""
    members = people(size)
    body, _is_new = Body.unguarded.get_or_create(
        unit=cast.first_primary.unit,
        kind=BodyKind.PARTY,
        defaults={"name": "中共第一小学支部委员会", "started_on": date(2020, 1, 1)},
    )
    number = Meeting.unguarded.count() + 1
    given = {
        "number": f"2024-{number}",
        "title": "2024年第5次党组织会议",
        "place": "第一会议室",
        "starts_at": at(14, 30),
        "began_at": at(14, 30),
        "ended_at": at(15, 40),
        "locked_at": at(17, 0),
        "chair": members[0],
        **facts,
    }
    matter = _matter(cast, cast.first_primary, "meetings.meeting", "locked", "第5次会议", "unit")
    made: Meeting = Meeting.unguarded.create(matter=matter, unit=cast.first_primary.unit, body=body, **given)
    _call(made, members, absent)
    return made


def _call(made: Meeting, members: list[Person], absent: int) -> None:
    """Members, of whom the last ones are absent; the inspector and the recorder."""
    for index, person in enumerate(members):
        is_absent = index >= len(members) - absent
        Attendance.unguarded.create(
            meeting=made,
            person=person,
            name=person.name,
            duty="书记" if index == 0 else "委员",
            role=AttendanceRole.MEMBER,
            is_chief=index == 0,
            presence=Presence.ABSENT if is_absent else Presence.PRESENT,
            absence_reason="出差" if is_absent else "",
            written_opinion="同意" if is_absent else "",
        )
    for name, duty, role in (
        ("孙监督", "派驻纪检组", AttendanceRole.INSPECTOR),
        ("李记录", "", AttendanceRole.RECORDER),
    ):
        person = PersonFactory(name=name)
        Attendance.unguarded.create(
            meeting=made, person=person, name=name, duty=duty, role=role, presence=Presence.PRESENT
        )


def item(made: Meeting, of: Proposal | None = None, **facts: Any) -> AgendaItem:
    """An item of decision that was passed: six opinions, the chief's last, and the inspector's."""
    number = made.items.count() + 1
    given = {
        "kind": AgendaKind.DECISION,
        "title": of.title if of else "学习",
        "state": ItemState.CLOSED,
        "added_at": at(9, day=date(2024, 9, 30)),
        "summary": "会议就预算来源、询价结果和安装时间作了讨论",
        "resolution": of.resolution if of else "",
        "outcome": ItemOutcome.PASSED,
        **facts,
    }
    row: AgendaItem = AgendaItem.unguarded.create(meeting=made, number=number, **given)
    if of is not None:
        Tabling.unguarded.create(proposal=of, item=row, tabled_at=at(9, day=date(2024, 9, 30)))
    return row


def opinions(row: AgendaItem) -> None:
    """Everybody who came, the chief last, then the inspector."""
    came = list(row.meeting.attendances.filter(presence=Presence.PRESENT).order_by("pk"))
    members = [one for one in came if one.role == AttendanceRole.MEMBER]
    order = [*members[1:], members[0], *(one for one in came if one.role == AttendanceRole.INSPECTOR)]
    for number, one in enumerate(order, 1):
        is_member = one.role == AttendanceRole.MEMBER
        Opinion.unguarded.create(
            item=row,
            order=number,
            person=one.person,
            name=one.name,
            role=one.role,
            is_chief=one.is_chief,
            stance=Stance.AGREE if is_member else "",
            text="预算已经落实" if is_member else "程序符合规定，请按期公示",
        )


def vote(row: AgendaItem, *, yes: int = 6, no: int = 0, abstain: int = 0, **facts: Any) -> Vote:
    """A vote by show of hands that was closed."""
    members = list(row.meeting.attendances.filter(role=AttendanceRole.MEMBER))
    present = [one.person_id for one in members if one.presence == Presence.PRESENT]
    given = {
        "method": VoteMethod.HANDS,
        "rule": RULE,
        "opened_at": at(15, 0),
        "closed_at": at(15, 5),
        "electorate": present,
        "roster_count": len(members),
        "present_count": len(present),
        "is_passed": True,
        **facts,
    }
    made: Vote = Vote.unguarded.create(item=row, yes=yes, no=no, abstain=abstain, **given)
    return made


def sign(made: Meeting, count: int) -> None:
    """So many members sign, in their order."""
    members = made.attendances.filter(role=AttendanceRole.MEMBER).order_by("pk")[:count]
    for minute, one in enumerate(members):
        Signature.unguarded.create(
            meeting=made,
            person=one.person,
            name=one.name,
            way=SignatureWay.ACCOUNT,
            digest="0" * 64,
            signed_at=made.starts_at + timedelta(hours=2, minutes=minute),
        )


def recuse(row: AgendaItem, person: Person, **facts: Any) -> Recusal:
    """A member leaves the room."""
    given = {"ground": "kin", "source": "declared", "left_at": at(14, 50), "returned_at": at(15, 10), **facts}
    made: Recusal = Recusal.unguarded.create(item=row, person=person, **given)
    return made
