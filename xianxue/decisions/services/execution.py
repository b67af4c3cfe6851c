"""Carrying a decision out: tasks with owner and limit, progress with its evidence, change by reconsideration alone."""

from datetime import date

from django.utils.translation import gettext as _

from xianxue.decisions.models import Feedback, Proposal, Task
from xianxue.decisions.procedures import after_steps as steps
from xianxue.decisions.selectors.execution import in_force
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.people.models import Person

SUBJECT = "decisions.task"


@steps.ASSIGN.command
def assign(
    proposal: Proposal, *, by: Actor, what: str, due_on: date, owner: Person | None = None, owner_name: str = ""
) -> None:
    """Give somebody a task of the decision. Refuses a task of nobody, and a limit before the decision."""
    name = owner.name if owner else owner_name.strip()
    if not name:
        raise Refused(_("未能安排落实：没有责任人。请选择本校教职工，或填写责任人姓名。"), field="owner_name")
    if not what.strip():
        raise Refused(_("未能安排落实：没有写明任务。请写明要做什么。"), field="what")
    if proposal.decided_on and due_on < proposal.decided_on:
        raise Refused(_("未能安排落实：期限早于决定日期。请核对完成期限。"), field="due_on")
    made = Task.objects.create(proposal=proposal, what=what.strip(), owner=owner, owner_name=name, due_on=due_on)
    changes = {"what": [None, made.what], "owner": [None, name], "due_on": [None, due_on.isoformat()]}
    record(Subject(SUBJECT, made.pk, made.what), changes, unit_id=proposal.unit_id)
    checking.changed(proposal, by)


@steps.REPORT.command
def report(
    proposal: Proposal,
    *,
    by: Actor,
    task: Task,
    text: str,
    percent: int | None = None,
    started_on: date | None = None,
    is_done: bool = False,
) -> None:
    """Say how far a task is, and that it is done. Refuses words missing, and a task that is closed."""
    today = clock.today()
    found = Task.objects.filter(pk=task.pk, proposal=proposal, done_on=None).first()
    if found is None:
        raise Refused(_("未能反馈：这项任务已经办结，或不属于本议题。请刷新页面后核对。"), field="task")
    if not text.strip():
        raise Refused(_("未能反馈：没有写明进展。请写明做到哪一步、还差什么。"), field="text")
    if started_on is not None and started_on > today:
        raise Refused(_("未能反馈：实施日期在今天之后。请核对日期。"), field="started_on")
    Feedback.objects.create(task=found, on=today, text=text.strip(), percent=100 if is_done else percent, name=by.label)
    changes: dict[str, list[str | None]] = {}
    if started_on is not None and started_on != found.started_on:
        changes["started_on"] = [found.started_on.isoformat() if found.started_on else None, started_on.isoformat()]
        found.started_on = started_on
    if is_done:
        changes["done_on"] = [None, today.isoformat()]
        found.done_on = today
    found.save(update_fields=["started_on", "done_on"])
    facts = {"percent": 100 if is_done else percent}
    record(Subject(SUBJECT, found.pk, found.what), changes, unit_id=proposal.unit_id, facts=facts)
    checking.changed(proposal, by)


@steps.CHANGE.command
def change(proposal: Proposal, *, by: Actor) -> None:
    """Go on by what a reconsideration decided. Refuses where none passed: nobody changes a decision alone."""
    holds = in_force(proposal)
    if holds.pk == proposal.pk:
        raise Refused(
            _(
                "未能调整：个人不得改变集体决定。请另提一个议题，在“复议的原决定”中选择本议题（%(number)s），"
                "按原程序上会；通过以后再在这里登记，按新的决定执行。"
            )
            % {"number": proposal.number}
        )
    changes = {
        "approved_fen": [_text(proposal.approved_fen), _text(holds.approved_fen)],
        "approved_supplier": [proposal.approved_supplier or None, holds.approved_supplier or None],
    }
    facts = {"reconsidered_by": holds.number}
    record(
        Subject(proposal._meta.label_lower, proposal.pk, proposal.title),
        {name: pair for name, pair in changes.items() if pair[0] != pair[1]},
        unit_id=proposal.unit_id,
        facts=facts,
    )
    checking.changed(proposal, by)


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


@steps.FINISH.command
def finish(proposal: Proposal, *, by: Actor) -> None:
    """Say that the decision has been carried out. Refuses while a task is open, and where there was none."""
    left = list(proposal.tasks.filter(done_on=None).values_list("what", flat=True)[:3])
    if left:
        told = {"tasks": "、".join(left), "count": proposal.tasks.filter(done_on=None).count()}
        raise Refused(_("未能办结：还有 %(count)s 项任务没有完成：%(tasks)s。请先反馈完成情况。") % told)
    if not proposal.tasks.exists():
        raise Refused(_("未能办结：没有安排过任务。请先安排落实，写明责任人和期限。"))
    checking.changed(proposal, by)
