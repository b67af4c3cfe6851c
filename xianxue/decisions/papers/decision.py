"""The paper of one decision (决定), as it goes to those who carry it out."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.decisions.models import Proposal, Tabling, Task
from xianxue.decisions.papers import words
from xianxue.decisions.papers.minutes import DRAFT
from xianxue.decisions.papers.proof import check_blocks
from xianxue.kernel.commands import Refused
from xianxue.kernel.documents import Block, Document, Heading, Paragraph, Signature, Text, written_date
from xianxue.meetings.choices import ItemOutcome


def decision_paper(proposal: Proposal) -> Document:
    """What was decided, by which meetings, and who carries it out; a draft until the record of the meeting is locked.

    Refuses where nothing has been decided.
    """
    if not proposal.is_passed or proposal.decided_on is None:
        raise Refused(_("没有决定文件：该议题没有通过。会议通过以后才有决定文件。"))
    steps = _steps(proposal)
    is_locked = bool(steps) and all(step.item.meeting.locked_at for step in steps)
    blocks: list[Block] = [Paragraph((Text(_("各部门、各年级组：")),), addressee=True)]
    blocks += [Paragraph((Text(_opening(proposal, steps)),)), *_decided(proposal), *_duties(proposal), Signature()]
    if is_locked:
        blocks += check_blocks(proposal.matter)
    unit = proposal.unit.name
    return Document(
        title=_("%(unit)s关于\n%(what)s的决定") % {"unit": unit, "what": about(proposal.title)},
        issuer=unit,
        date=proposal.decided_on,
        blocks=blocks,
        doc_number=words.official_number(proposal.resolution_number or proposal.number),
        masthead=_("%(unit)s文件") % {"unit": unit},
        mark="" if is_locked else DRAFT,
    )


def about(title: str) -> str:
    """The matter of a title, without the words that the title of a paper says itself: 关于……的议题."""
    text = title.strip().removeprefix("关于")
    for end in ("的议题", "的提案", "的议案", "的请示", "的方案"):
        if text.endswith(end):
            return text[: -len(end)] if end != "的方案" else text
    return text


def _steps(proposal: Proposal) -> list[Tabling]:
    """The meetings that passed it, in order."""
    found = proposal.tablings.filter(item__outcome=ItemOutcome.PASSED).select_related("item__meeting__body")
    return list(found.order_by("item__meeting__starts_at", "pk"))


def _held(step: Tabling) -> str:
    meeting = step.item.meeting
    told = {"day": written_date(timezone.localdate(meeting.starts_at)), "meeting": meeting.title}
    return _("%(day)s召开的%(meeting)s") % told


def _opening(proposal: Proposal, steps: list[Tabling]) -> str:
    by = "、".join(_held(step) for step in steps)
    told = {"by": by, "title": proposal.title, "number": proposal.number}
    if not by:
        return _("“%(title)s”（议题编号%(number)s）已经会议审议通过，现决定如下。") % told
    return _("经%(by)s审议通过，现就“%(title)s”（议题编号%(number)s）决定如下。") % told


def _decided(proposal: Proposal) -> Iterator[Block]:
    yield Heading(1, _("决定内容"))
    text = proposal.resolution or proposal.title
    yield from (Paragraph((Text(words.sentence(line)),)) for line in text.splitlines() if line.strip())
    facts = []
    if proposal.approved_fen is not None:
        facts.append(_("批准金额为%(amount)s") % {"amount": words.yuan(proposal.approved_fen)})
    if proposal.approved_supplier:
        facts.append(_("批准的供应商为%(supplier)s") % {"supplier": proposal.approved_supplier})
    if facts:
        yield Paragraph((Text(words.sentence("，".join(facts))),))


def _duties(proposal: Proposal) -> Iterator[Block]:
    tasks: list[Task] = list(proposal.tasks.order_by("due_on", "pk"))
    yield Heading(1, _("落实要求"))
    for task in tasks:
        told = {"what": task.what.rstrip("。"), "who": task.owner_name or _("未定")}
        due = _("，%(day)s前完成") % {"day": written_date(task.due_on)} if task.due_on else ""
        yield Paragraph((Text(_("%(what)s，由%(who)s负责") % told + due + "。"),))
    text = _("任何个人不得擅自改变集体决定。确需调整金额、供应商或者主要内容的，重新提出议题，按原程序复议。")
    yield Paragraph((Text(text),))
