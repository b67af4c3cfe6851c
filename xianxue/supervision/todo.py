"""What waits for a person, by its limit; what they started; what their units have under way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.presenting import limit_words, state_pill
from xianxue.kernel.procedures.selectors import givers, opened_by, todos_for, visible_matters, with_limits

PAGE = 50
# The parts of a list by limit, in order; a limit in this week is by Sunday.
BUCKETS: Mapping[str, Any] = {
    "late": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周"),
    "later": gettext_lazy("以后"),
    "open": gettext_lazy("未设期限"),
}


def bucket_conditions(today: date) -> dict[str, Q]:
    """What each part of the list holds; the to-dos carry `until`."""
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "late": Q(until__lt=today),
        "today": Q(until=today),
        "week": Q(until__gt=today, until__lte=sunday),
        "later": Q(until__gt=max(sunday, today)),
        "open": Q(until__isnull=True),
    }


@dataclass(frozen=True)
class Asked:
    """What the page was asked for; what means nothing is left out."""

    bucket: str = ""
    procedure: str = ""
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """From the query of the address."""
        bucket, procedure, page = given.get("bucket", ""), given.get("procedure", ""), given.get("page", "")
        known = {item.code for item in all_procedures()}
        return cls(
            bucket if bucket in BUCKETS else "",
            procedure if procedure in known else "",
            int(page) if page.isdecimal() and 0 < len(page) < 7 else 1,
        )


@dataclass(frozen=True)
class Waiting:
    """One line of the to-do list."""

    todo: Todo
    matter: Matter
    procedure: str
    steps: str
    unit: str
    limit: str
    tone: str
    giver: str


@dataclass(frozen=True)
class TodoList:
    """One page of what waits for a person; `counts` by part, whatever part was asked for."""

    lines: Sequence[Waiting]
    total: int
    page: int
    counts: Mapping[str, int]
    procedures: Sequence[tuple[str, str, int]]


def todo_list(reach: Reach, asked: Asked) -> TodoList:
    """The page asked for. A fixed number of queries: counts, procedures, one page of rows, names of units, the calendar."""
    today = timezone.localdate()
    conditions = bucket_conditions(today)
    every = todos_for(reach)
    procedures = _by_procedure(every)
    wanted = every.filter(matter__procedure=asked.procedure) if asked.procedure else every
    counts = wanted.order_by().aggregate(**{name: Count("pk", filter=q) for name, q in conditions.items()})
    total = counts[asked.bucket] if asked.bucket else sum(counts.values())
    page = min(asked.page, max(1, -(-total // PAGE)))
    rows = list((wanted.filter(conditions[asked.bucket]) if asked.bucket else wanted)[(page - 1) * PAGE : page * PAGE])
    return TodoList(lines_of(rows, reach, today), total, page, counts, procedures)


def _by_procedure(todos: QuerySet[Todo]) -> list[tuple[str, str, int]]:
    found = dict(todos.order_by().values_list("matter__procedure").annotate(n=Count("pk")))
    return [(item.code, str(item.label), found[item.code]) for item in all_procedures() if item.code in found]


def lines_of(todos: Iterable[Any], reach: Reach, today: date) -> list[Waiting]:
    """To-dos in words; they carry `until`. At most two queries."""
    rows = list(todos)
    names = unit_names([row.unit_id for row in rows])
    late = LateDays(today, min((row.until for row in rows if row.until), default=None))
    return [_line(row, reach, names, late) for row in rows]


def _line(todo: Any, reach: Reach, names: Mapping[int, str], late: LateDays) -> Waiting:
    limit, tone = limit_words(todo.until, late)
    return Waiting(
        todo=todo,
        matter=todo.matter,
        procedure=str(todo.matter.declaration.label),
        steps=steps_waited_for(todo),
        unit=names.get(todo.unit_id, ""),
        limit=limit,
        tone=tone,
        giver=givers(todo, reach),
    )


def steps_waited_for(todo: Todo) -> str:
    """The acts of which one is waited for: 核准 或 退回."""
    steps = todo.matter.declaration.steps_from(todo.matter.state)
    return _(" 或 ").join(str(step) for step in steps if step.at == todo.place and not step.optional)


@dataclass(frozen=True)
class UnderWay:
    """One line of the lists of matters."""

    matter: Matter
    procedure: str
    pill: Any
    waits_for: str
    limit: str
    tone: str


def started_by(reach: Reach) -> QuerySet[Matter]:
    """Matters that the person started, those that are open first, newest first."""
    return opened_by(reach.user_id).order_by("finished_on", "-pk")


def open_matters() -> QuerySet[Matter]:
    """Open matters in which the reader's units take part, oldest limit first."""
    return visible_matters().filter(finished_on=None).order_by("finish_due_on", "pk")


def under_way(matters: Iterable[Matter]) -> list[UnderWay]:
    """Matters in words, with who is waited for. Three queries at most."""
    rows = list(matters)
    todos: dict[int, list[Any]] = {}
    for todo in with_limits(Todo.objects.filter(matter__in=[row.pk for row in rows])).select_related("matter"):
        todos.setdefault(todo.matter_id, []).append(todo)
    found = [todo for several in todos.values() for todo in several]
    names = unit_names([todo.unit_id for todo in found])
    late = LateDays(timezone.localdate(), min((todo.until for todo in found if todo.until), default=None))
    return [_matter_line(row, todos.get(row.pk, []), names, late) for row in rows]


def _matter_line(matter: Matter, todos: Sequence[Any], names: Mapping[int, str], late: LateDays) -> UnderWay:
    until = min((todo.until for todo in todos if todo.until), default=None)
    limit, tone = limit_words(until, late) if matter.is_open else ("", "quiet")
    units = "、".join(dict.fromkeys(names.get(todo.unit_id, "") for todo in todos))
    return UnderWay(matter, str(matter.declaration.label), state_pill(matter.current), units, limit, tone)
