"""Reminders and escalation, once a day: before a limit, on its day, after it; then to those who must be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, Grant, nobody, system_actor, whole_county
from xianxue.kernel.access.grants import NobodyGrant
from xianxue.kernel.commands import CommandInfo, command, commands, nothing_changed
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.procedures.calendar import LateDays, add_working_days
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Notice, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.notices import notice
from xianxue.kernel.procedures.selectors import waiting_steps, with_limits
from xianxue.kernel.ui import formats

BEFORE, ON_THE_DAY, AFTER = 1, 2, 3
# No limit further away is near: the longest public holiday and a week besides.
HORIZON = timedelta(days=30)
BATCH = 500
ESCALATION = "procedures.escalate"
commands[ESCALATION] = CommandInfo(ESCALATION, gettext_lazy("逾期上报"))  # type: ignore[arg-type]  # shown as text


@dataclass(frozen=True)
class Told:
    """What one run did."""

    reminders: int
    escalations: int


def remind_and_escalate() -> Told:
    """The daily work: remind those who must act, and tell those above them about what is late. Safe to run again."""
    with whole_county("提醒和上报"):
        return remind(by=system_actor("task"))


@command("procedures.remind", label=gettext_lazy("提醒和逾期上报"))
def remind(*, by: Actor) -> Told:
    """Write the notices that are due today, each once; an escalation leaves an event on its matter."""
    today = timezone.localdate()
    todos = list(_near(today))
    late = LateDays(today, min((todo.until for todo in todos), default=None))  # type: ignore[attr-defined]  # annotated
    starts: dict[tuple[date, int], date] = {}
    names = unit_names([todo.unit_id for todo in todos])
    notices: list[Notice] = []
    drafts: list[Draft] = []
    changed: list[Todo] = []
    for todo in todos:
        reminder = _reminder(todo, today, starts)
        escalation = _escalation(todo, today, late, names.get(todo.unit_id, ""))
        if reminder or escalation:
            changed.append(todo)
        notices += [*reminder, *escalation]
        drafts += [_event(todo) for _notice in escalation]
    Notice.objects.bulk_create(notices, batch_size=BATCH)
    fields = ("reminded_on", "reminded_stage", "escalated_on", "escalated_level")
    Todo.objects.bulk_update(changed, fields, batch_size=BATCH)
    if drafts:
        record_many(drafts)
    else:
        nothing_changed()
    return Told(len(notices) - len(drafts), len(drafts))


def _near(today: date) -> Iterator[Todo]:
    near: QuerySet[Any] = with_limits(Todo.objects.all())
    waiting = Q(reminded_stage__lt=AFTER) | Q(until__lt=today)
    yield from near.filter(waiting, until__lte=today + HORIZON).select_related("matter").order_by("pk")


def _reminder(todo: Todo, today: date, starts: dict[tuple[date, int], date]) -> list[Notice]:
    until: date = todo.until  # type: ignore[attr-defined]  # annotated
    stage = _stage(until, today, todo.matter.declaration.remind_before, starts)
    if stage <= todo.reminded_stage:
        return []
    todo.reminded_stage, todo.reminded_on = stage, today
    words = {"matter": todo.matter.title, "steps": _steps(todo), "day": formats.china_date(until)}
    texts = {
        BEFORE: _("“%(matter)s”等您办理（%(steps)s），期限 %(day)s。"),
        ON_THE_DAY: _("“%(matter)s”等您办理（%(steps)s），今天截止。"),
        AFTER: _("“%(matter)s”等您办理（%(steps)s），%(day)s 已到期，请尽快办理。"),
    }
    tone = {BEFORE: "now", ON_THE_DAY: "due", AFTER: "late"}[stage]
    return [_notice(todo, texts[stage] % words, _actors(todo), tone)]


def _stage(until: date, today: date, before: int, starts: dict[tuple[date, int], date]) -> int:
    if today > until:
        return AFTER
    if today == until:
        return ON_THE_DAY
    if (until, before) not in starts:
        starts[until, before] = add_working_days(until, -before)
    return BEFORE if today >= starts[until, before] else 0


def _escalation(todo: Todo, today: date, late: LateDays, unit: str) -> list[Notice]:
    days = late.of(todo.until)  # type: ignore[attr-defined]  # annotated
    if days == 0:
        return []
    levels = _levels(todo)
    reached = [number for number, (after, _grant) in enumerate(levels, 1) if days is None or days >= after]
    if not reached or reached[-1] <= todo.escalated_level:
        return []
    new = [levels[number - 1][1] for number in reached if number > todo.escalated_level]
    todo.escalated_level, todo.escalated_on = reached[-1], today
    words = {"unit": unit, "matter": todo.matter.title, "steps": _steps(todo), "days": days or ""}
    text = _("%(unit)s：“%(matter)s”还没有办理（%(steps)s），已逾期 %(days)s 个工作日。") % words
    return [_notice(todo, text, grant, "late") for grant in new]


def _levels(todo: Todo) -> list[tuple[int, Grant]]:
    declared = todo.matter.declaration
    first: list[tuple[int, Grant]] = [] if isinstance(declared.escalate, NobodyGrant) else [(1, declared.escalate)]
    return [*first, *declared.escalate_further]


def _steps(todo: Todo) -> str:
    return "、".join(str(step) for step in waiting_steps(todo))


def _actors(todo: Todo) -> Grant:
    grant: Grant = nobody
    for step in waiting_steps(todo):
        grant = grant | step.by
    return grant


def _notice(todo: Todo, text: str, to: Grant, tone: str) -> Notice:
    href = reverse("matter", args=(todo.matter_id,))
    return notice(text, to=to, unit_id=todo.unit_id, href=href, tone=tone, matter=todo.matter)


def _event(todo: Todo) -> Draft:
    facts = {"procedure": todo.matter.procedure, "place": todo.place, "level": todo.escalated_level}
    return Draft(
        Subject(SUBJECT_TYPE, todo.matter_id, todo.matter.title), unit_id=todo.unit_id, facts=facts,
        action=ESCALATION,
    )  # fmt: skip
