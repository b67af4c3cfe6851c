"""What the page of a proposal says of the time after the decision: papers, publication, tasks, money, ratification."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.models import Proposal, Publication, Task
from xianxue.decisions.selectors.execution import Spending, contracts_of, in_force, payments_of, spending
from xianxue.decisions.selectors.urgent import ratification
from xianxue.kernel.columns import Column, Date, Integer, Text
from xianxue.kernel.procedures import clock
from xianxue.kernel.resources import Custom, Related
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.figures import Figure
from xianxue.kernel.ui.parts import Pill
from xianxue.ledgers.sheets import columns as headed
from xianxue.meetings.models import Meeting

TASK = (
    Column("what", gettext_lazy("任务"), Text(120)),
    Column("owner_name", gettext_lazy("责任人"), Text(60)),
    Column("due_on", gettext_lazy("完成期限"), Date()),
    Column("percent", gettext_lazy("进度（%）"), Integer()),
    Column("last_on", gettext_lazy("最近反馈"), Date()),
    Column("done_on", gettext_lazy("办结日期"), Date()),
)


def _day(day: Any) -> str:
    return formats.china_date(day, year="always") if day else ""


def _papers(proposal: Proposal) -> details.Panel | None:
    """The decision's paper and the minutes of its meetings, as downloads."""
    facts = []
    if proposal.is_passed:
        href = reverse("decisions-paper", args=(proposal.pk,))
        facts.append(details.Fact(_("决定"), proposal.resolution_number or _("下载决定文件"), href))
    for meeting in Meeting.objects.filter(items__tabling__proposal=proposal).distinct().order_by("starts_at"):
        source = "" if meeting.locked_at else _("草稿")
        href = reverse("decisions-minutes", args=(meeting.pk,))
        facts.append(details.Fact(_("纪要"), meeting.matter_title(), href, source=source))
    return details.FactsPanel(_("公文"), facts=facts) if facts else None


def _publication(proposal: Proposal) -> details.Panel | None:
    """Where and how long it is public, objections included."""
    found = list(proposal.publications.order_by("-started_on", "-pk").prefetch_related("objections"))
    if proposal.is_confidential and not found:
        text = proposal.confidential_basis or _("未写明")
        return details.FactsPanel(_("公示"), facts=[details.Fact(_("不公开的依据"), text)])
    facts = [fact for row in found for fact in _facts_of(row)]
    return details.FactsPanel(_("公示"), facts=facts) if facts else None


def _facts_of(row: Publication) -> Iterator[details.Fact]:
    objections = list(row.objections.all())
    left = sum(one.resolved_on is None for one in objections)
    if row.ended_on is not None:
        pill = Pill(_("已结束"), "done")
    elif left:
        pill = Pill(_("有异议，暂停计时"), "late")
    else:
        pill = Pill(_("公示中"), "due")
    yield details.Fact(_("公示地点"), row.place, pill=pill)
    yield details.Fact(
        _("公示时间"), _("%(start)s至%(end)s") % {"start": _day(row.started_on), "end": _day(row.due_on)}
    )
    if objections:
        told = {"count": len(objections), "left": left}
        yield details.Fact(_("异议"), _("%(count)s 条，未处理 %(left)s 条") % told)
    if row.ended_on is not None:
        yield details.Fact(_("结束日期"), _day(row.ended_on))
    if row.is_on_site:
        yield details.Fact(_("公开页"), _("已发布"), reverse("public-decision", args=(row.public_key,)))


def _money(proposal: Proposal) -> details.Panel | None:
    """Approved, contracted, paid and what is left, with what does not fit."""
    found = spending(proposal)
    if found.approved is None and not found.contracts and not found.payments:
        return None
    shown = [
        (_("批准"), found.approved),
        (_("合同"), found.contracted),
        (_("支付"), found.paid),
        (_("批准减支付"), found.left),
    ]
    figures = [Figure(label, formats.grouped(fen / 100, 2), _("元")) for label, fen in shown if fen is not None]
    return details.FiguresPanel(_("批准与执行"), note=_misfits(proposal, found), figures=figures)


def _misfits(proposal: Proposal, found: Spending) -> str:
    parts = []
    holds = in_force(proposal)
    if holds.pk != proposal.pk:
        parts.append(_("以复议决定 %(number)s 为准") % {"number": holds.number})
    if found.over:
        parts.append(_("超出批准 %(amount)s 元") % {"amount": formats.grouped(found.over / 100, 2)})
    if found.other_suppliers:
        parts.append(_("不是批准的供应商：%(names)s") % {"names": "、".join(found.other_suppliers[:3])})
    return "；".join(parts)


def _ratification(proposal: Proposal) -> details.Panel | None:
    """Until when what was done first must be ratified."""
    found = ratification(proposal)
    if found is None:
        return None
    late = found.is_late(clock.today())
    if found.ratified_on is None:
        pill = Pill(_("逾期未追认"), "late") if late else Pill(_("待追认"), "due")
    else:
        pill = Pill(_("逾期追认"), "late") if late else Pill(_("已追认"), "done")
    facts = [
        details.Fact(_("先行处置"), _day(found.acted_on), pill=pill),
        details.Fact(_("紧急情况"), proposal.urgent_reason),
        details.Fact(_("追认期限"), _day(found.due_on)),
    ]
    if found.ratified_on is not None:
        facts.append(details.Fact(_("追认日期"), _day(found.ratified_on)))
    return details.FactsPanel(_("紧急事项"), facts=facts)


def _tasks(proposal: Proposal) -> list[Task]:
    """Tasks in order of their limit, each with the last that was said of it."""
    found = list(proposal.tasks.order_by("due_on", "pk").prefetch_related("feedback"))
    for row in found:
        told: Any = sorted(row.feedback.all(), key=lambda one: (one.on, one.pk))
        row.percent = told[-1].percent if told else None  # type: ignore[attr-defined]  # for the table
        row.last_on = told[-1].on if told else None  # type: ignore[attr-defined]  # for the table
    return found


PANELS = (
    Related(title=gettext_lazy("落实任务"), rows=_tasks, columns=TASK, empty=gettext_lazy("还没有安排任务。")),
    Related(
        title=gettext_lazy("合同"), rows=contracts_of, columns=headed.CONTRACT[1:8], register="contracts",
        empty=gettext_lazy("合同台账里没有这个议题的合同。"),
    ),
    Related(
        title=gettext_lazy("支出"), rows=payments_of, columns=headed.PAYMENT[1:7], register="payments",
        empty=gettext_lazy("支出台账里没有这个议题的支出。"),
    ),
    Custom(build=_money, aside=True),
    Custom(build=_publication, aside=True),
    Custom(build=_ratification, aside=True),
    Custom(build=_papers, aside=True),
)  # fmt: skip
"""For the page of a proposal: `panels = (Fields(), *after.PANELS, History())`."""
