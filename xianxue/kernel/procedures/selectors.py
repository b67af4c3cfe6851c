"""Reading matters: which a person sees, what waits for whom, and what may be done next and why not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from xianxue.kernel.access import Actor, Reach, UnitScope, current_reach, lent_by
from xianxue.kernel.access.reach import EVERY_ROLE
from xianxue.kernel.procedures.declaration import Step, all_procedures
from xianxue.kernel.procedures.models import Matter, Party, StepRecord, Todo
from xianxue.kernel.procedures.permission import blocked, standing, units_of


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


def with_keys(todos: QuerySet[Todo]) -> QuerySet[Todo]:
    """With `what`: procedure, state and place as one key, on which the conditions of `waits_for` stand."""
    return todos.alias(what=Concat("matter__procedure", Value(":"), "matter__state", Value(":"), "place"))


def with_limits(todos: QuerySet[Todo]) -> QuerySet[Todo]:
    """With `until`: the earliest of the step's own limit, and those by which the matter must be accepted and finished."""
    finish = Case(When(matter__paused_on__isnull=True, then=F("matter__finish_due_on")), default=None)
    accept = Case(When(matter__accepted_on__isnull=True, then=F("matter__accept_due_on")), default=None)
    limited = todos.alias(finish_by=finish, accept_by=accept).alias(of_matter=_earlier("finish_by", "accept_by"))
    return limited.annotate(until=_earlier("due_on", "of_matter"))


def _earlier(one: str, other: str) -> Case:
    """The earlier of two days that may both be missing; the databases' own LEAST disagree about null."""
    return Case(
        When(**{f"{one}__isnull": True}, then=F(other)), When(**{f"{other}__lt": F(one)}, then=F(other)),
        default=F(one),
    )  # fmt: skip


def waits_for(reach: Reach) -> Iterator[Q]:
    """Conditions, any of which suffices, on to-dos with their keys: one of the steps waited for is the person's to do.

    A step from which they are kept by an earlier one of their own does not wait for them. One condition for all steps of a scope: one for each of hundreds of steps would be dear on every page.
    """
    ways: dict[UnitScope, dict[str, set[tuple[str, ...]]]] = defaultdict(lambda: defaultdict(set))
    for item in all_procedures():
        for step in item.steps.values():
            scope = step.by.scope(reach)
            if scope and step.makes_todo:
                for state in step.states:
                    ways[scope][f"{item.code}:{state}:{step.at}"].add(step.not_by)
    for scope, of_key in ways.items():
        for layer in _layers(of_key):
            yield scope.q("unit_id") & Q(what__in=sorted(layer)) & ~_kept_from(reach, layer)


def _layers(of_key: Mapping[str, set[tuple[str, ...]]]) -> Iterator[dict[str, tuple[str, ...]]]:
    """For each key one of the ways to do it, as often as there are keys with a further way; a free way is enough."""
    left = {key: [()] if () in ways else sorted(ways) for key, ways in of_key.items()}
    while left:
        yield {key: ways[0] for key, ways in left.items()}
        left = {key: ways[1:] for key, ways in left.items() if ways[1:]}


def _kept_from(reach: Reach, layer: Mapping[str, tuple[str, ...]]) -> Q:
    """The person did an earlier step by which another must do this one."""
    pairs = [f"{key}:{earlier}" for key, not_by in sorted(layer.items()) for earlier in not_by]
    if not pairs:
        return Q(pk__in=[])
    mine = Q(user_id=reach.user_id) | Q(for_user_id=reach.user_id)
    pair = Concat(OuterRef("what"), Value(":"), "step", output_field=TextField())
    return Q(Exists(StepRecord.objects.alias(pair=pair).filter(mine, matter=OuterRef("matter_id"), pair__in=pairs)))


def waiting_steps(todo: Todo) -> list[Step]:
    """The steps of which one is waited for. No query, where the matter was read with it."""
    steps = todo.matter.declaration.steps_from(todo.matter.state)
    return [step for step in steps if step.at == todo.place and step.makes_todo]


def givers(todo: Todo, reach: Reach) -> str:
    """For whom the person would act, where they hold none of the steps themselves; empty otherwise. No query."""
    labels = []
    for step in waiting_steps(todo):
        if todo.unit_id in step.by.scope(reach):
            lent = lent_by(step.by, reach, [todo.unit_id])
            if not lent:
                return ""
            labels.append(lent[0].giver_label)
    return "、".join(dict.fromkeys(labels))


def opened_by(user_id: int | None) -> QuerySet[Matter]:
    """Visible matters that the person started."""
    mine = StepRecord.objects.filter(matter=OuterRef("pk"), number=1, user_id=user_id)
    return visible_matters().filter(Exists(mine))


def matters_about(model: type[Model], field: str, key: int) -> QuerySet[Matter]:
    """Visible matters about one row, latest first: of every procedure whose subject has a `field` that leads to the model."""
    subjects = {item.subject for item in all_procedures() if _leads_to(item.subject, field, model)}
    about = [Q(pk__in=subject.unguarded.filter(**{field: key}).values("matter_id")) for subject in subjects]
    return visible_matters().filter(reduce(or_, about, Q(pk__in=[]))).order_by("-pk")


def _leads_to(subject: Any, field: str, model: type[Model]) -> bool:
    try:
        return bool(subject._meta.get_field(field).related_model is model)
    except FieldDoesNotExist:
        return False


def records_of(matter: Matter) -> QuerySet[StepRecord]:
    """The steps done, in order."""
    return StepRecord.objects.filter(matter=matter).order_by("number")
