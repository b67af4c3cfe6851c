"""The course of a matter of the past: its steps one after the other, each on its day, as the running procedure writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xianxue.kernel.access import Actor
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import Step, clock, moving
from xianxue.kernel.procedures.models import SUBJECT_TYPE, MatterSubject, StepRecord


@dataclass(frozen=True)
class Done:
    """A step that was done on a day, by somebody."""

    step: Step
    on: date
    actor: str = ""


def take(subject: MatterSubject, course: Sequence[Done], *, by: Actor) -> None:
    """Open the subject's matter and take the steps; the first opens it. Inside a command.

    No rule is asked: what the demonstration tells of the past may be unlawful, and the checks are to find it.
    """
    with clock.acting_on(course[0].on):
        subject.matter = matter = moving.open_matter(course[0].step, subject)
    subject.save(force_insert=True)
    for done in course:
        old = matter.state
        with clock.acting_on(done.on):
            due_on = moving.due_of(matter, done.step.at)
            moving.move(matter, done.step, old)
            seq = record(
                Subject(SUBJECT_TYPE, matter.pk, matter.title),
                {"state": [old or None, matter.state]},
                unit_id=_unit(subject, done.step),
                facts={"procedure": matter.procedure, "step": done.step.code, "number": matter.steps_done},
            )
            _record(subject, done, old, due_on, seq, by)


def _record(subject: MatterSubject, done: Done, old: str, due_on: date | None, seq: int, by: Actor) -> None:
    matter = subject.matter
    StepRecord.objects.create(
        matter=matter,
        number=matter.steps_done,
        step=done.step.code,
        from_state=old,
        to_state=matter.state,
        done_at=clock.now(),
        user_id=by.user_id,
        actor=done.actor or by.label,
        place=done.step.at,
        unit_id=_unit(subject, done.step),
        due_on=due_on,
        first_seq=seq,
        event_seq=seq,
    )


def _unit(subject: MatterSubject, step: Step) -> Any:
    return subject.parties().get(step.at)
