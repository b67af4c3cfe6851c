"""Making a decision public: for so many working days, with objections that stop the clock, to an end."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.decisions.models import Objection, Proposal, Publication
from xianxue.decisions.procedures import after_steps as steps
from xianxue.decisions.rules.publishing import last_day
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.calendar import add_working_days

SUBJECT = "decisions.publication"


def days_of(proposal: Proposal) -> int:
    """For how many working days a decision is made public: as the check will ask, else as its version of the rules says."""
    return steps.days_asked_of(proposal) or steps.county_days(proposal)


@steps.PUBLISH.command
def publish(proposal: Proposal, *, by: Actor, place: str, text: str, is_on_site: bool = False) -> None:
    """Make the decision public from today on. Refuses what must stay inside, and a publication beside one that runs."""
    if proposal.is_confidential:
        told = {"basis": proposal.confidential_basis or _("未写明")}
        raise Refused(_("未能公示：该议题不公开，依据：%(basis)s。请直接安排落实。") % told)
    if not text.strip():
        raise Refused(_("未能公示：没有公示内容。请写明决定了什么、对谁、从何时起。"), field="text")
    if proposal.publications.filter(ended_on=None).exists():
        raise Refused(_("未能公示：该决定正在公示。请先结束正在进行的公示。"))
    today = clock.today()
    made = Publication.objects.create(
        proposal=proposal,
        place=place.strip(),
        started_on=today,
        due_on=add_working_days(today, days_of(proposal)),
        text=text.strip(),
        is_on_site=is_on_site,
    )
    _record(made, {"place": [None, made.place], "due_on": [None, made.due_on.isoformat()]})
    checking.changed(proposal, by)


@steps.OBJECT_TO.command
def object_to(proposal: Proposal, *, by: Actor, received_on: date, content: str) -> None:
    """Note an objection: from that day on the clock stands still. Refuses days outside the publication."""
    publication = _running(proposal)
    today = clock.today()
    if not publication.started_on <= received_on <= today:
        told = {"day": publication.started_on.isoformat()}
        raise Refused(
            _("未能登记异议：收到日期应在公示开始（%(day)s）以后、今天以前。请核对日期。") % told, field="received_on"
        )
    if not content.strip():
        raise Refused(_("未能登记异议：没有异议内容。请照来信、来访的原意填写。"), field="content")
    Objection.objects.create(publication=publication, received_on=received_on, content=content.strip())
    _recount(publication, today)
    checking.changed(proposal, by)


@steps.SETTLE.command
def settle(proposal: Proposal, *, by: Actor, objection: Objection, result: str) -> None:
    """Write what came of an objection; the clock goes on with the next working day."""
    publication = _running(proposal)
    found = Objection.objects.filter(pk=objection.pk, publication=publication, resolved_on=None).first()
    if found is None:
        raise Refused(_("未能处理异议：这条异议已经处理，或不属于本次公示。请刷新页面后核对。"), field="objection")
    if not result.strip():
        raise Refused(_("未能处理异议：没有写明处理结果。请写明核实情况和答复。"), field="result")
    today = clock.today()
    found.resolved_on, found.result = max(today, found.received_on), result.strip()
    found.save(update_fields=["resolved_on", "result"])
    _recount(publication, today)
    checking.changed(proposal, by)


@steps.END_PUBLICATION.command
def end(proposal: Proposal, *, by: Actor) -> None:
    """Take the publication down. Refuses before its last day, and while an objection is open."""
    publication = _running(proposal)
    open_count = publication.objections.filter(resolved_on=None).count()
    if open_count:
        raise Refused(
            _("未能结束公示：还有 %(count)s 条异议没有处理。请先处理异议，公示期会相应顺延。") % {"count": open_count}
        )
    today = clock.today()
    if today < publication.due_on:
        raise Refused(
            _("未能结束公示：期限到%(day)s，还没有期满。请在期满当天或以后结束。")
            % {"day": publication.due_on.isoformat()}
        )
    publication.ended_on = today
    publication.save(update_fields=["ended_on"])
    _record(publication, {"ended_on": [None, today.isoformat()]})
    checking.changed(proposal, by)


def _running(proposal: Proposal) -> Publication:
    found: Publication | None = proposal.publications.filter(ended_on=None).first()
    if found is None:
        raise Refused(_("未能办理：该决定现在没有公示。请刷新页面后核对。"))
    return found


def _recount(publication: Publication, today: date) -> None:
    """Move the last day by the working days on which an objection was open."""
    stops = list(publication.objections.values_list("received_on", "resolved_on"))
    count = days_of(publication.proposal)
    old = publication.due_on
    new = last_day(publication.started_on, count, stops, today=today, next_working_day=_next)
    if new != old:
        publication.due_on = new
        publication.save(update_fields=["due_on"])
        _record(publication, {"due_on": [old.isoformat(), new.isoformat()]})


def _next(day: date) -> date:
    return add_working_days(day, 1)


def _record(publication: Publication, changes: dict[str, Any]) -> None:
    record(Subject(SUBJECT, publication.pk, publication.proposal.title), changes, unit_id=publication.proposal.unit_id)
