"""How a matter moves: opening, states, clocks, parties released, and who must act next."""

from collections.abc import Collection, Mapping
from datetime import date

from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.calendar import add_working_days, working_days_between
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import TITLE_LENGTH, LapsedTodo, Matter, MatterSubject, Notice, Party, Todo


def open_matter(step: Step, subject: MatterSubject, *, once: str = "") -> Matter:
    """A new matter, started by the step, with its parties and both clocks; it stands in no state until the opening step moves it."""
    today, procedure, parties = clock.today(), step.procedure, subject.parties()
    matter: Matter = Matter.unguarded.create(
        procedure=procedure.code,
        state="",
        unit_id=parties.get(step.at),
        title=subject.matter_title()[:TITLE_LENGTH],
        opening_key=once or None,
        opened_on=today,
        state_since=today,
        accept_due_on=procedure.accept_within.after(today) if procedure.accept_within else None,
        finish_due_on=procedure.finish_within.after(today) if procedure.finish_within else None,
    )
    Party.objects.bulk_create(Party(matter=matter, place=place, unit_id=unit) for place, unit in parties.items())
    return matter


def hand_on(matter_ids: Collection[int], units: Mapping[int, int | None]) -> None:
    """Let other units take the places of these in the matters, with what waits for them; None: nobody takes the place.

    What a matter is about has gone elsewhere, and whoever had it sees no more of the matter. Called inside a command.
    """
    for old, new in units.items():
        parties = Party.objects.filter(matter__in=matter_ids, unit_id=old)
        todos = Todo.objects.filter(matter__in=matter_ids, unit_id=old)
        if new is None:
            parties.filter(released_on=None).update(released_on=clock.today())
            todos.delete()
        else:
            parties.update(unit_id=new)
            todos.update(unit_id=new)


def due_of(matter: Matter, place: str) -> date | None:
    """Until when the party had to act, before the matter moves on."""
    todo = Todo.objects.filter(matter=matter, place=place).first()
    return todo.due_on if todo else None


def move(matter: Matter, step: Step, old: str) -> None:
    """Put the matter into the step's state, from `old`: clocks, released parties and to-dos follow."""
    today = clock.today()
    state = step.procedure.state(step.to)
    if state.code != old:
        matter.state_since = today
    matter.state = state.code
    matter.steps_done += 1
    if step.accepts:
        matter.accepted_on = matter.accepted_on or today
    _pause(matter, today, pauses=state.pauses)
    if state.is_final:
        matter.finished_on = today
    matter.save()
    if step.releases:
        Party.objects.filter(matter=matter, place__in=step.releases, released_on=None).update(released_on=today)
    kept = _still_waited_for(matter, step, old)
    _keep_lapsed(matter, today, kept | {step.at})
    _wait_for(matter, today, kept)


def _keep_lapsed(matter: Matter, today: date, others: set[str]) -> None:
    """Note the late to-dos that this step takes away from parties that did nothing; the actor's own is in its record."""
    late = matter.todos.filter(due_on__lt=today).exclude(place__in=others)
    LapsedTodo.objects.bulk_create(
        LapsedTodo(matter=matter, place=todo.place, unit_id=todo.unit_id, due_on=todo.due_on, ended_on=today)
        for todo in late
        if todo.due_on
    )


def _still_waited_for(matter: Matter, step: Step, old: str) -> set[str]:
    """Places whose to-do stays with its limit, because the matter stands where it stood and another acted."""
    if matter.state != old:
        return set()
    own = {step.at} if step.makes_todo else set()
    return set(matter.todos.values_list("place", flat=True)) - own - set(step.releases)


def _pause(matter: Matter, today: date, *, pauses: bool) -> None:
    """The finishing clock stands still in a pausing state, and its limit moves by the working days that passed."""
    if pauses and matter.paused_on is None:
        matter.paused_on = today
    elif not pauses and matter.paused_on is not None:
        if matter.finish_due_on is not None:
            matter.finish_due_on = _moved(matter.finish_due_on, matter.paused_on, today)
        matter.paused_on = None


def _moved(due_on: date, paused_on: date, today: date) -> date:
    return add_working_days(due_on, working_days_between(paused_on, today))


def _wait_for(matter: Matter, today: date, kept: set[str]) -> None:
    """One to-do for every party that is waited for in the state; its limit is the earliest of its steps'."""
    Todo.objects.filter(matter=matter).exclude(place__in=kept).delete()
    Notice.objects.filter(matter=matter, seen_at=None).delete()
    if not matter.is_open:
        return
    units = dict(matter.parties.filter(released_on=None).values_list("place", "unit_id"))
    limits: dict[str, list[date]] = {}
    for step in matter.declaration.steps_from(matter.state):
        if step.at in units and step.at not in kept and step.makes_todo:
            found = limits.setdefault(step.at, [])
            if (until := _until(step, matter, today)) is not None:
                found.append(until)
    Todo.objects.bulk_create(
        Todo(matter=matter, place=place, unit_id=units[place], since_on=today, due_on=min(found) if found else None)
        for place, found in limits.items()
    )


def _until(step: Step, matter: Matter, today: date) -> date | None:
    """The last day for the step: the subject's own, where it names one, else so many working days from today."""
    if step.due:
        own = step.due(step.procedure.subject.unguarded.get(matter_id=matter.pk))
        if own is not None:
            return own
    return step.within.after(today) if step.within else None
