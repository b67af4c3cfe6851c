"""Writing the year's proposals: their matters through the procedures' own moves, everything around them in bulk."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from xianxue.decisions.procedures.proposals import DecisionProposal
from xianxue.demo.decisions.course import Done, take
from xianxue.demo.decisions.lawful import PHASES, Bundle, Sitting
from xianxue.demo.decisions.year import Made
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.meetings.procedures.meeting import MeetingRecord


@command("demo.decisions", label="建立演示议题")
def write_year(made: Iterable[Made], *, by: Actor) -> int:
    """Write the proposals with everything around them; returns how many. All or none."""
    count = 0
    for one in made:
        _write(one.bundle, by=by)
        count += 1
    return count


def _write(bundle: Bundle, *, by: Actor) -> None:
    take(bundle.proposal, list(_course(bundle)), by=by)
    _save_all(bundle.preparations)
    for sitting in bundle.sittings:
        take(sitting.meeting, list(_meeting_course(sitting)), by=by)
        _save_sitting(sitting)
    for rows in (
        bundle.publications, bundle.tasks, bundle.feedback, bundle.contracts, bundle.payments, bundle.appointments,
        bundle.others,
    ):  # fmt: skip
        _save_all(rows)


def _save_sitting(sitting: Sitting) -> None:
    for rows in (
        [sitting.study, sitting.item], [sitting.tabling], sitting.attendances, sitting.opinions,
        [sitting.vote] if sitting.vote else [], sitting.ballots, sitting.signatures, sitting.concerns, sitting.others,
    ):  # fmt: skip
        _save_all(rows)


def _save_all(rows: Sequence[models.Model]) -> None:
    """Rows of one model or several, in bulk; what they point at was saved before and has its key now."""
    by_model: dict[type[models.Model], list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, its in by_model.items():
        model._default_manager.bulk_create(its)


def _meeting_course(sitting: Sitting) -> Iterable[Done]:
    meeting, steps = sitting.meeting, MeetingRecord.steps
    noticed, day = timezone.localdate(meeting.noticed_at), timezone.localdate(meeting.starts_at)
    yield Done(steps["convene"], noticed, "会议记录人")
    yield Done(steps["send_notice"], noticed, "会议记录人")
    if meeting.ended_at and meeting.locked_at:
        yield Done(steps["begin"], day, "会议记录人")
        yield Done(steps["end"], day, "会议记录人")
        locked = timezone.localdate(meeting.locked_at)
        yield Done(steps["complete"], locked, "会议记录人")
        yield Done(steps["lock"], locked, "会议记录人")


def _course(bundle: Bundle) -> Iterable[Done]:
    """The steps of the proposal up to its phase, each on the day that its rows say."""
    steps = DecisionProposal.steps
    for phase in PHASES[: PHASES.index(bundle.phase) + 1]:
        for code, day in _steps_of(bundle, phase):
            yield Done(steps[code], day, bundle.proposal.proposer_name)


def _steps_of(bundle: Bundle, phase: str) -> Iterable[tuple[str, date]]:
    proposal = bundle.proposal
    decided = proposal.decided_on or proposal.proposed_on
    if phase == "proposed":
        yield "propose", proposal.proposed_on
    elif phase == "preparing":
        yield "start", add_working_days(proposal.proposed_on, 1)
    elif phase == "tabled":
        yield "table", timezone.localdate(bundle.sittings[0].tabling.tabled_at)
    elif phase == "decided":
        yield "decide", decided
    elif phase == "published" and bundle.publications:
        yield "publish", bundle.publications[-1].started_on
    elif phase == "executing":
        if bundle.publications and bundle.publications[-1].ended_on:
            yield "end_publication", bundle.publications[-1].ended_on
        yield "assign", next((task.started_on for task in bundle.tasks if task.started_on), decided)
    elif phase == "done":
        yield "finish", next((task.done_on for task in bundle.tasks if task.done_on), decided)
    elif phase == "archived":
        yield "archive", proposal.archived_on or decided
