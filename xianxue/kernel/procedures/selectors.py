"""Reading matters: which a person sees, what waits for whom, and what may be done next and why not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from xianxue.kernel.access import Actor, Reach, UnitScope, current_reach
from xianxue.kernel.access.reach import EVERY_ROLE
from xianxue.kernel.procedures.declaration import Procedure, Step, all_procedures
from xianxue.kernel.procedures.models import Matter, Party, StepRecord, Todo
from xianxue.kernel.procedures.permission import blocked, giver_of, standing, units_of


def visible_matters() -> QuerySet[Matter]:
    """Matters that the person now acting may see: in reach, and by the `read` grant of their procedure."""
    found: QuerySet[Matter] = Matter.objects.filter(readable(current_reach()))
    return found


def readable(reach: Reach, key: str = "") -> Q:
    """The condition for matters that the reach may see; `key` is the path to the matter (`matter`), or nothing."""
    prefix, pk = (f"{key}__", f"{key}_id") if key else ("", "pk")
    codes: dict[UnitScope, list[str]] = defaultdict(list)
    for item in all_procedures():
        if scope := item.read.scope(reach):
            codes[scope].append(item.code)
    found = Q(pk__in=[])
    for scope, procedures in codes.items():
        parties = Party.objects.filter(scope.q("unit_id"), matter=OuterRef(pk), released_on=None)
        found |= Q(Exists(parties), **{f"{prefix}procedure__in": procedures})
    return found


def visible_matter(pk: int) -> Matter | None:
    """One of them; None for absent and out of reach alike."""
    return visible_matters().filter(pk=pk).first()


def subject_of(matter: Matter) -> Any:
    """What the matter is about, with the matter on it. The caller has checked that the matter may be seen."""
    subject = matter.declaration.subject.unguarded.get(matter_id=matter.pk)
    subject.matter = matter
    return subject


def startable(reach: Reach) -> Iterator[Step]:
    """The opening steps that the reach may do in some unit."""
    for item in all_procedures():
        for step in item.opening():
            if step.by.scope(reach) and EVERY_ROLE not in reach.roles:
                yield step


@dataclass(frozen=True)
class Offer:
    """A step that leads on from where a matter stands, and why the person now acting cannot do it, if so."""

    step: Step
    unit_id: int | None
    why_not: str
    is_actor: bool
    for_actor: str = ""


def offers(matter: Matter, subject: Any, by: Actor) -> list[Offer]:
    """The steps from the state of the matter: those of the person now acting, and the others with the reason."""
    units = units_of(matter)
    return [_offer(step, matter, subject, by, units) for step in matter.declaration.steps_from(matter.state)]


def _offer(step: Step, matter: Matter, subject: Any, by: Actor, units: dict[str, int]) -> Offer:
    now = standing(step, matter, by, units)
    reason = blocked(step, subject, now, by)
    return Offer(step, units.get(step.at), str(reason or ""), now.is_actor, now.for_actor)


def todos_for(reach: Reach) -> QuerySet[Todo]:
    """What waits for the person: matters of which a step that is waited for is theirs to do, by the earliest limit.

    A step from which they are kept by an earlier one of their own does not wait for them.
    """
    return with_limits(_todos(reach)).select_related("matter").order_by(F("until").asc(nulls_last=True), "pk")


def _todos(reach: Reach) -> QuerySet[Todo]:
    found = reduce(or_, _waiting(reach), Q(pk__in=[]))
    what = Concat("matter__procedure", Value(":"), "matter__state", Value(":"), "place")
    todos: QuerySet[Todo] = Todo.objects.alias(what=what).filter(found)
    return todos


def with_limits(todos: QuerySet[Todo]) -> QuerySet[Todo]:
    """With `until`: the earlier of the step's own limit and the one by which the whole matter must be finished."""
    finish = Case(When(matter__paused_on__isnull=True, then=F("matter__finish_due_on")), default=None)
    earlier = Case(
        When(due_on__isnull=True, then=finish),
        When(matter__paused_on__isnull=True, matter__finish_due_on__lt=F("due_on"), then=F("matter__finish_due_on")),
        default=F("due_on"),
    )
    return todos.annotate(until=earlier)


def _waiting(reach: Reach) -> Iterator[Q]:
    # By one key of procedure, state and place: a condition for each of hundreds of steps is dear on every page.
    alike: dict[tuple[tuple[str, ...], UnitScope], set[str]] = defaultdict(set)
    for item in all_procedures():
        for step in item.steps.values():
            scope = step.by.scope(reach)
            if scope and not step.opens and not step.optional:
                alike[step.not_by, scope].update(f"{item.code}:{state}:{step.at}" for state in step.states)
    for (not_by, scope), keys in alike.items():
        waits = Q(what__in=sorted(keys)) & scope.q("unit_id")
        yield Q(waits, ~_done_by(reach, not_by)) if not_by else waits


def _done_by(reach: Reach, steps: Iterable[str]) -> Exists:
    mine = Q(user_id=reach.user_id) | Q(for_user_id=reach.user_id)
    return Exists(StepRecord.objects.filter(mine, matter=OuterRef("matter_id"), step__in=list(steps)))


def waiting_count(reach: Reach) -> int:
    """How many matters wait for the person. One query."""
    return _todos(reach).count()


def givers(todo: Todo, reach: Reach) -> str:
    """For whom the person would act, where they hold none of the steps themselves; empty otherwise. No query."""
    labels = []
    for step in todo.matter.declaration.steps_from(todo.matter.state):
        if step.at == todo.place and not step.optional and todo.unit_id in step.by.scope(reach):
            giver = giver_of(step, reach, todo.unit_id)
            if giver is None:
                return ""
            labels.append(giver.giver_label)
    return "、".join(dict.fromkeys(labels))


def opened_by(user_id: int | None) -> QuerySet[Matter]:
    """Visible matters that the person started."""
    mine = StepRecord.objects.filter(matter=OuterRef("pk"), number=1, user_id=user_id)
    return visible_matters().filter(Exists(mine))


def records_of(matter: Matter) -> QuerySet[StepRecord]:
    """The steps done, in order."""
    return StepRecord.objects.filter(matter=matter).order_by("number")


def matters_about(procedure: type[Procedure], **condition: Any) -> QuerySet[Matter]:
    """Visible matters of one procedure whose subject meets the condition, such as `person_id=…`; newest first."""
    subjects = procedure.subject.unguarded.filter(**condition).values("matter_id")
    return visible_matters().filter(procedure=procedure.code, pk__in=subjects).order_by("-pk")
