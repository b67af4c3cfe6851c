"""Steps of procedures as work: the to-dos that every move of a matter leaves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import NO_UNIT, Reach, UnitScope
from xianxue.kernel.procedures.declaration import Step, all_procedures
from xianxue.kernel.procedures.models import Todo
from xianxue.kernel.procedures.names import in_words, unit_names
from xianxue.kernel.procedures.selectors import givers, readable, waiting_steps, waits_for, with_keys, with_limits
from xianxue.kernel.ui import formats
from xianxue.kernel.work import Line, WorkSource, source
from xianxue.kernel.work.declaration import Kind


@source
class Steps(WorkSource):
    """What the procedures wait for; its kinds are the procedures."""

    code = "procedures.steps"
    label = gettext_lazy("办件")
    system = "work"
    unit: ClassVar[str] = "unit_id"
    until = "until"

    def kinds(self) -> Iterable[Kind]:
        """Each procedure in its own system."""
        return [Kind(item.code, item.label, item.system) for item in all_procedures()]

    def kind_column(self) -> Any:
        """The procedure."""
        return F("matter__procedure")

    def waiting(self, today: date) -> QuerySet[Any]:
        """To-dos with their limits."""
        del today
        return with_keys(with_limits(Todo.objects.all()))

    def of_actor(self, reach: Reach) -> Q:
        """Those of which a step is the person's to do, from which no earlier step of their own keeps them."""
        return reduce(or_, waits_for(reach), Q(pk__in=[]))

    def in_sight(self, reach: Reach) -> Q:
        """Those of the matters that the person may see."""
        return readable(reach, "matter")

    def scope_in_sight(self, reach: Reach) -> UnitScope:
        """The units whose matters the person may see, of any procedure."""
        return reduce(or_, (item.read.scope(reach) for item in all_procedures()), NO_UNIT)

    def kinds_in_sight(self, reach: Reach) -> Iterable[Kind]:
        """The procedures that the person may read."""
        return [Kind(item.code, item.label, item.system) for item in all_procedures() if item.read.scope(reach)]

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """Matters in words. Two queries."""
        todos = list(with_limits(Todo.objects.filter(pk__in=keys)).select_related("matter"))
        units = unit_names([todo.unit_id for todo in todos])
        return {todo.pk: _line(todo, units.get(todo.unit_id, ""), reach) for todo in todos}


def _line(todo: Todo, unit: str, reach: Reach) -> Line:
    steps = waiting_steps(todo)
    return Line(
        title=todo.matter.title,
        asked=_(" 或 ").join(str(step) for step in steps),
        actor=_actor(unit, steps),
        href=reverse("matter", args=(todo.matter_id,)),
        giver=givers(todo, reach),
        note=_note(todo),
    )


def _actor(unit: str, steps: Sequence[Step]) -> str:
    roles = "、".join(dict.fromkeys(words for step in steps if (words := in_words(step.by))))
    return _("%(unit)s（%(roles)s）") % {"unit": unit, "roles": roles} if roles else unit


def _note(todo: Todo) -> str:
    """Which clock of the whole matter has run out or stands, and whether those above were told."""
    matter, today = todo.matter, timezone.localdate()
    parts = []
    if matter.accepted_on is None and matter.accept_due_on:
        parts.append(_("受理已逾期") if matter.accept_due_on < today else _("待受理"))
    if matter.paused_on:
        parts.append(_("暂停计时"))
    elif matter.finish_due_on and matter.finish_due_on < today:
        parts.append(_("办结已逾期"))
    if todo.escalated_level:
        words = {"day": formats.china_date(todo.escalated_on), "level": todo.escalated_level}
        parts.append(_("%(day)s 已报第 %(level)s 级") % words)
    return "，".join(parts)
