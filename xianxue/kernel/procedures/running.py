"""What stands around every step's command: state, actor, duties, rules, lock and history. No caller can go around it."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.history.selectors import last_number
from xianxue.kernel.procedures import clock, moving
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Matter, MatterSubject, OneOpenSubject, StepRecord
from xianxue.kernel.procedures.papers import Paper, keep_papers, refuse_missing
from xianxue.kernel.procedures.permission import Standing, blocked, standing


def wrapped(step: Step, body: Callable[..., Any]) -> Callable[..., Any]:
    """The body of a step as a command, with everything that must be checked before and written after."""
    code = f"{step.procedure.code}.{step.code}"
    if step.opens:
        return command(code, label=step.label)(_opening(step, body))
    return command(code, label=step.label)(_following(step, body))


def _opening(step: Step, body: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(body)
    def run(*args: Any, by: Actor, note: str = "", papers: Sequence[Paper] = (), once: str = "", **kwargs: Any) -> Any:
        first = last_number() + 1
        _refuse_opened(step, once)
        _refuse_without_note(step, note)
        subject: MatterSubject = body(*args, by=by, **kwargs)
        matter = moving.open_matter(step, subject, once=once)
        subject.matter = matter
        standing_now = standing(step, matter, by)
        refuse_if(blocked(step, subject, standing_now, by))
        refuse_missing(step, matter, papers)
        subject.save(force_insert=True)
        subject.once_saved()
        keep_papers(matter, papers, unit_id=standing_now.unit_id, by=by)
        _finish(step, subject, standing_now, by=by, note=note, first=first)
        return subject

    return run


def _following(step: Step, body: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(body)
    def run(  # what a page knows of the step, beside what its form gives
        subject: MatterSubject,
        *args: Any,
        by: Actor,
        note: str = "",
        papers: Sequence[Paper] = (),
        seen: int | None = None,
        **kwargs: Any,
    ) -> Any:
        first = last_number() + 1
        matter = Matter.unguarded.select_for_update().get(pk=subject.matter.pk)
        subject = type(subject).unguarded.get(pk=subject.pk)
        subject.matter = matter
        _refuse_twice(step, matter, by, seen)
        _refuse_outdated(step, matter, seen)
        _refuse_without_note(step, note)
        standing_now = standing(step, matter, by)
        refuse_if(blocked(step, subject, standing_now, by))
        refuse_missing(step, matter, papers)
        keep_papers(matter, papers, unit_id=standing_now.unit_id, by=by)
        result = body(subject, *args, by=by, **kwargs)
        _finish(step, subject, standing_now, by=by, note=note, first=first)
        return subject if result is None else result

    return run


def _refuse_opened(step: Step, once: str) -> None:
    """A start page sent twice opens one matter; the second sending is told so."""
    if once and Matter.unguarded.filter(opening_key=once).exists():
        raise Refused(
            _("“%(step)s”没有重复办理：这张表已经提交过，事项已在办理。请在“我的待办”中查看。") % {"step": step.label}
        )


def _refuse_without_note(step: Step, note: str) -> None:
    if step.needs_note and not note.strip():
        raise Refused(_("“%(step)s”没有办成：没有写明理由。请填写后再提交。") % {"step": step.label}, field="note")


def _refuse_twice(step: Step, matter: Matter, by: Actor, seen: int | None) -> None:
    refuse_if(done_already(step, matter, by, seen))


def done_already(step: Step, matter: Matter, by: Actor, seen: int | None) -> str | None:
    """What to tell who presses a step that they have just done: it is done once. None where it is another act."""
    last = StepRecord.objects.filter(matter=matter).order_by("-number").first()
    if last is None or last.step != step.code or last.user_id != by.user_id:
        return None
    # A step may lead back to the state it left: then only the page that was open tells a second press from a new act.
    if matter.state in step.states and (seen is None or seen >= last.number):
        return None
    at = date_format(timezone.localtime(last.done_at), "Y 年 n 月 j 日 H:i")
    return _("这一步已于 %(at)s 办理，没有重复办理。") % {"at": at}


def _refuse_outdated(step: Step, matter: Matter, seen: int | None) -> None:
    if seen is not None and seen != matter.steps_done:
        raise Refused(
            _("“%(step)s”没有办成：打开页面之后，此事项已由他人办理，现为“%(state)s”。请刷新页面，核对后再办。")
            % {"step": step.label, "state": matter.current.label}
        )


def _finish(step: Step, subject: MatterSubject, now: Standing, *, by: Actor, note: str, first: int) -> None:
    matter, old = subject.matter, subject.matter.state
    due_on = moving.due_of(matter, now.place)
    moving.move(matter, step, old)
    if isinstance(subject, OneOpenSubject) and subject.is_open and not matter.is_open:
        subject.is_open = False
        subject.save(update_fields=["is_open"])
    seq = record(
        Subject(SUBJECT_TYPE, matter.pk, matter.title),
        {"state": [old or None, matter.state]},
        unit_id=now.unit_id,
        note=note.strip(),
        facts={
            "procedure": step.procedure.code,
            "step": step.code,
            "number": matter.steps_done,
            "subject_type": subject._meta.label_lower,
            "subject_id": subject.pk,
            **({"for_user": now.for_user_id, "for_actor": now.for_actor} if now.for_user_id else {}),
        },
    )
    StepRecord.objects.create(
        matter=matter,
        number=matter.steps_done,
        step=step.code,
        from_state=old,
        to_state=matter.state,
        done_at=clock.now(),
        user_id=by.user_id,
        actor=by.label,
        for_user_id=now.for_user_id,
        for_actor=now.for_actor,
        place=now.place,
        unit_id=now.unit_id,
        note=note.strip(),
        due_on=due_on,
        first_seq=first,
        event_seq=seq,
    )
