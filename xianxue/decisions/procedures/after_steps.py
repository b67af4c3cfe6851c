"""The steps after a decision: making public, carrying out, archiving, looking back. `DecisionProposal` takes them as they are.

Their bodies are in `services/publishing.py`, `services/execution.py`, `services/archiving.py`. States that they need:
`decided`, `published`, `executing`, `done`, `archived` and, final, `reviewed`; the place `school`; the PAPERS below.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import LEADS, PREPARES, RECORDS
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.publishing import days_asked
from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Step

SCHOOL = "school"
PAPERS = {
    "publication": _("公示照片或截图"),
    "evidence": _("落实情况佐证"),
    "contract": _("合同或验收单"),
    "minutes": _("纪要签发件"),
    "review": _("后评估报告"),
}
"""Kinds of papers that these steps take."""


def county_days(proposal: Any) -> int:
    """Working days for which the proposal's version of the rules has decisions made public."""
    return RuleBook.of(proposal.rule_set.version, proposal.rule_set.rules).number("C21", "working_days")


def days_asked_of(proposal: Any) -> int:
    """For how many working days the check C21 will ask that this decision was public; 0 where it need not be."""
    entry = proposal.entry
    own = entry.publication_days if entry else None
    return days_asked(proposal.category, own, county_days(proposal), is_listed=entry is not None)


def publication_over(proposal: Any, _by: Actor) -> object | None:
    """Nothing is carried out while it is still being made public, or before that where it must be."""
    running = proposal.publications.filter(ended_on=None).first()
    if running is not None:
        return _t("未能安排落实：公示还没有结束，截止%(day)s。请在公示期满、异议处理完以后结束公示，再安排落实。") % {
            "day": running.due_on.isoformat()
        }
    days = days_asked_of(proposal)
    if days and not proposal.is_confidential and not proposal.publications.exists():
        return _t("未能安排落实：这类事项决定后须公示 %(days)s 个工作日，还没有公示。请先办理公示。") % {"days": days}
    return None


def publication_due(proposal: Any) -> date | None:
    """The last day of the publication that is running."""
    found: date | None = proposal.publications.filter(ended_on=None).values_list("due_on", flat=True).first()
    return found


def task_due(proposal: Any) -> date | None:
    """The first limit among the tasks that are not done."""
    found: date | None = (
        proposal.tasks.filter(done_on=None, due_on__isnull=False)
        .order_by("due_on")
        .values_list("due_on", flat=True)
        .first()
    )
    return found


def review_due(proposal: Any) -> date | None:
    """The day set for looking back."""
    found: date | None = proposal.review_due_on
    return found


PUBLISH = Step(
    _("公示"), "decided", "published", RECORDS, SCHOOL, may_bring=("publication", "minutes"), tone="primary", optional=True,
    help=_("写明地点和内容。期限按清单上的工作日自动计算；有异议时停止计算，处理完再接着算。"),
)  # fmt: skip
OBJECT_TO = Step(
    _("登记异议"), "published", "published", RECORDS, SCHOOL, may_bring=("publication",), optional=True,
    help=_("登记以后，公示停止计时，直到处理完毕。"),
)  # fmt: skip
SETTLE = Step(
    _("处理异议"), "published", "published", LEADS, SCHOOL, may_bring=("publication",), optional=True,
    help=_("写明怎么处理的。公示从下一个工作日起接着计算。"),
)  # fmt: skip
END_PUBLICATION = Step(
    _("结束公示"), "published", "published", RECORDS, SCHOOL, may_bring=("publication",), optional=True, due=publication_due,
    help=_("期满、异议都处理完了才能结束。"),
)  # fmt: skip
ASSIGN = Step(
    _("安排落实"), ("decided", "published", "executing"), "executing", RECORDS, SCHOOL, needs=(publication_over,),
    due=publication_due, tone="primary", help=_("每项任务写明责任人和期限。"),
)  # fmt: skip
REPORT = Step(
    _("反馈进展"), "executing", "executing", PREPARES, SCHOOL, may_bring=("evidence", "contract"), optional=True,
    help=_("做到哪一步、还差什么，附上佐证。长期没有反馈的会被检查提示。"),
)  # fmt: skip
CHANGE = Step(
    _("按复议调整"), "executing", "executing", RECORDS, SCHOOL, optional=True, needs_note=True,
    help=_("任何个人不得改变集体决定。金额、供应商、内容要变的，先另提议题复议；复议通过以后在这里登记。"),
)  # fmt: skip
FINISH = Step(
    _("办结"), "executing", "done", LEADS, SCHOOL, may_bring=("evidence", "contract"), due=task_due, tone="primary",
    help=_("各项任务都完成以后，由书记或校长办结。"),
)  # fmt: skip
ARCHIVE = Step(
    _("归档"), "done", "archived", RECORDS, SCHOOL, may_bring=("minutes", "evidence"), tone="primary",
    help=_("填写档号。没有办完的，逐项写明原因。"),
)  # fmt: skip
REVIEW = Step(
    _("后评估"), "archived", "reviewed", LEADS, SCHOOL, may_bring=("review",), due=review_due, tone="primary",
    help=_("写明决定的效果，与当初的目的是否一致。"),
)  # fmt: skip
