"""Bodies, who sits in them from when to when, and what their members declare."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts.models import User
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused, command, nothing_changed
from xianxue.kernel.history.records import Subject, record
from xianxue.meetings.access import KEEPS_ROSTERS
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Body, Interest, Seat
from xianxue.meetings.rules.provided import tell_changed
from xianxue.organisations.models import Unit
from xianxue.people.models import Person


def _refuse_stranger(unit_id: int, by: Actor) -> None:
    reach = current_reach()
    if by.user_id != reach.user_id or unit_id not in KEEPS_ROSTERS.scope(reach):
        raise Refused(_("未能登记：您没有这项权限。名单由本单位的会议记录人登记。"))


@command("meetings.body_founded", label=gettext_lazy("登记议事机构"))
def found(
    *,
    by: Actor,
    unit: Unit,
    kind: str,
    name: str,
    started_on: date,
    counts_only: bool = False,
    stands_in_for: Sequence[str] = (),
) -> Body:
    """A body of a unit; one of a kind at a time, except of other meetings.

    `stands_in_for`: kinds of bodies that the unit does not have, and whose place this one takes (联合支部).
    """
    _refuse_stranger(unit.pk, by)
    if kind != BodyKind.OTHER and Body.objects.filter(unit=unit, kind=kind, ended_on=None).exists():
        raise Refused(_("未能登记议事机构：该单位已有这一类机构。换届只换成员，不用新建机构。"), field="kind")
    made = Body(unit=unit, kind=kind, name=name.strip(), started_on=started_on, counts_only=counts_only)
    made.stands_in_for = _stead(made, stands_in_for)
    _refuse_other_stead(made)
    made.save(force_insert=True)
    changes = {"name": [None, made.name], "stands_in_for": [None, _kinds(made) or None]}
    record(Subject("meetings.body", made.pk, made.name), changes, unit_id=unit.pk)
    return made


@command("meetings.body_changed", label=gettext_lazy("变更议事机构"))
def change_body(
    body: Body, *, by: Actor, name: str, stands_in_for: Sequence[str] = (), ended_on: date | None = None
) -> Body:
    """Another name, the place of others taken or given back, or the last day. Meetings that were held keep their rules."""
    _refuse_stranger(body.unit_id, by)
    fresh: Body = Body.objects.get(pk=body.pk)
    if fresh.ended_on is not None:
        raise Refused(_("未能变更议事机构：该机构已经撤销。"))
    if ended_on is not None and ended_on < fresh.started_on:
        raise Refused(_("未能变更议事机构：撤销日期早于设立日期。请核对。"), field="ended_on")
    if ended_on is not None and Seat.objects.filter(body=fresh, ended_on=None).exists():
        raise Refused(_("未能撤销议事机构：还有在任的成员。请先登记他们免职。"), field="ended_on")
    before = (fresh.name, _kinds(fresh), fresh.ended_on)
    fresh.name, fresh.ended_on = name.strip() or fresh.name, ended_on
    fresh.stands_in_for = _stead(fresh, stands_in_for)
    fresh.save(update_fields=["name", "stands_in_for", "ended_on"])
    after = (fresh.name, _kinds(fresh), fresh.ended_on)
    changes = {
        field: [str(old) if old else None, str(new) if new else None]
        for field, old, new in zip(("name", "stands_in_for", "ended_on"), before, after, strict=True)
        if old != new
    }
    if changes:
        record(Subject("meetings.body", fresh.pk, fresh.name), changes, unit_id=fresh.unit_id)
    else:
        nothing_changed()
    return fresh


def _stead(body: Body, kinds: Sequence[str]) -> list[str]:
    """Kinds in the order of the program. Refuses its own, and those of which the unit has a body."""
    wanted = [kind.value for kind in BodyKind if kind.value in kinds and kind != BodyKind.OTHER]
    others = Body.objects.filter(unit_id=body.unit_id, ended_on=None).exclude(pk=body.pk)
    there = {body.kind, *others.values_list("kind", flat=True)}
    for kind in wanted:
        if kind in there:
            told = {"kind": BodyKind(kind).label}
            raise Refused(_("未能登记代行：该单位有自己的%(kind)s，不用代行。") % told, field="stands_in_for")
    return wanted


def _refuse_other_stead(body: Body) -> None:
    """A body of a kind whose place another takes: first that one gives it back."""
    for other in Body.objects.filter(unit_id=body.unit_id, ended_on=None):
        if body.kind in other.stands_in_for:
            told = {"name": other.name}
            raise Refused(_("未能登记议事机构：现由“%(name)s”代行。请先变更那个机构，不再代行。") % told, field="kind")


def _kinds(body: Body) -> str:
    return "、".join(str(BodyKind(kind).label) for kind in body.stands_in_for)


@command("meetings.seated", label=gettext_lazy("登记任职"))
def seat(  # noqa: PLR0913 - what a seat has
    *,
    by: Actor,
    body: Body,
    person: Person,
    duty: str,
    started_on: date,
    user: User | None = None,
    is_chief: bool = False,
    is_discipline: bool = False,
    order: int | None = None,
) -> Seat:
    """A person becomes a member of a body. Refuses a second open seat, and a second chief."""
    _refuse_stranger(body.unit_id, by)
    open_seats = Seat.objects.filter(body=body, ended_on=None)
    if open_seats.filter(person=person).exists():
        raise Refused(_("未能登记任职：这个人已经是该机构的成员。职务有变化的，先登记免职。"), field="person")
    if is_chief and open_seats.filter(is_chief=True).exists():
        raise Refused(_("未能登记任职：该机构已有主要负责人。请先登记原负责人免职。"), field="is_chief")
    if user is not None and Seat.objects.filter(user=user, ended_on=None).exclude(person=person).exists():
        raise Refused(
            _("未能登记任职：这个账号已经是另一名成员的账号。一个账号只能由一个人投票、签名；请选本人的账号。"),
            field="user",
        )
    made: Seat = Seat.objects.create(
        body=body,
        person=person,
        user=user,
        duty=duty.strip(),
        is_chief=is_chief,
        is_discipline=is_discipline,
        order=open_seats.count() if order is None else order,
        started_on=started_on,
    )
    _trace(made, {"duty": [None, made.duty], "started_on": [None, started_on.isoformat()]}, person.name)
    return made


@command("meetings.unseated", label=gettext_lazy("登记免职"))
def unseat(row: Seat, *, by: Actor, ended_on: date) -> Seat:
    """The last day of a seat. Refuses a day before its first, and a seat that has ended."""
    _refuse_stranger(row.body.unit_id, by)
    fresh: Seat = Seat.objects.select_related("body", "person").get(pk=row.pk)
    if fresh.ended_on is not None:
        raise Refused(_("未能登记免职：这一任职已经结束。请刷新页面后核对。"))
    if ended_on < fresh.started_on:
        raise Refused(_("未能登记免职：免职日期早于任职日期。请核对。"), field="ended_on")
    fresh.ended_on = ended_on
    fresh.save(update_fields=["ended_on"])
    _trace(fresh, {"ended_on": [None, ended_on.isoformat()]}, fresh.person.name)
    return fresh


@command("meetings.declared", label=gettext_lazy("登记利害关系"))
def declare(
    *,
    by: Actor,
    body: Body,
    person: Person,
    ground: str,
    started_on: date,
    related: Person | None = None,
    organisation: str = "",
    note: str = "",
) -> Interest:
    """What a member declared: a person or a firm that the member has to do with."""
    _refuse_stranger(body.unit_id, by)
    if related is None and not organisation.strip():
        raise Refused(_("未能登记利害关系：没有写相关人员，也没有写相关单位。请至少填写一项。"), field="organisation")
    made: Interest = Interest.objects.create(
        unit_id=body.unit_id,
        person=person,
        ground=ground,
        related=related,
        organisation=organisation.strip(),
        note=note.strip(),
        started_on=started_on,
    )
    record(Subject("meetings.interest", made.pk, person.name), {"ground": [None, ground]}, unit_id=body.unit_id)
    tell_changed(_concerned(made), by)
    return made


def _concerned(interest: Interest) -> Q:
    """Items of the unit, since the declaration holds, that concern whom it names: the member should have left the room."""
    firm = interest.organisation
    whom = Q(concerns__organisation=firm) if firm else Q(pk__in=[])
    if interest.related_id is not None:
        whom |= Q(concerns__person_id=interest.related_id)
    since = timezone.make_aware(datetime.combine(interest.started_on, time.min))
    return whom & Q(meeting__unit_id=interest.unit_id, meeting__starts_at__gte=since)


def _trace(row: Seat, changes: dict[str, Any], name: str) -> None:
    record(Subject("meetings.seat", row.pk, f"{name} {row.duty}"), changes, unit_id=row.body.unit_id)
