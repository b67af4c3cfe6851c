"""Matters under way: what a person started, and what their units take part in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from xianxue.kernel.access import Reach
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.limits import limit_words
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.presenting import state_pill
from xianxue.kernel.procedures.selectors import opened_by, visible_matters, with_limits


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
    every = [todo for several in todos.values() for todo in several]
    names = unit_names([todo.unit_id for todo in every])
    late = LateDays(timezone.localdate(), min((todo.until for todo in every if todo.until), default=None))
    return [_matter_line(row, todos.get(row.pk, []), names, late) for row in rows]


def _matter_line(matter: Matter, todos: Sequence[Any], names: Mapping[int, str], late: LateDays) -> UnderWay:
    until = min((todo.until for todo in todos if todo.until), default=None)
    limit, tone = limit_words(until, late) if matter.is_open else ("", "quiet")
    units = "、".join(dict.fromkeys(names.get(todo.unit_id, "") for todo in todos))
    return UnderWay(matter, str(matter.declaration.label), state_pill(matter.current), units, limit, tone)
