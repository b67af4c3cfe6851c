"""The life of a proposal: put forward, prepared, tabled, decided; then what `after_steps` declares."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, INSPECTS, LEADS, PREPARES, PROPOSES, READS, RECORDS, SUPERVISES
from xianxue.decisions.models import Proposal
from xianxue.decisions.procedures import after_steps
from xianxue.decisions.procedures.after_steps import SCHOOL
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.access import Actor, nobody
from xianxue.kernel.procedures import Basis, Page, Procedure, State, Step, register

START = days("proposal_start")
PAPERS = {
    "proposal": _("议题材料"),
    "study": _("调研、论证、征求意见材料"),
    "opinion": _("审查意见书"),
    "filing": _("报备材料"),
    **after_steps.PAPERS,
}


def is_off_the_table(proposal: Any, _by: Actor) -> object | None:
    """What stands on an agenda is taken off there first."""
    waiting = proposal.tablings.filter(item__outcome="").first()
    if waiting is None:
        return None
    return _t("未能办理：议题还列在会议议程里。请先在会议里撤下，或者等会议议完。")


@register
class DecisionProposal(Procedure):
    """A matter of 三重一大, from a school that proposes it to the archive."""

    code = "decisions.proposal"
    label = _("三重一大议题")
    about = _(
        "重大决策、重要人事任免、重大项目安排、大额资金使用：先办齐前置程序，再按规定的会议顺序上会，会后公示、落实、归档。"
    )
    basis = (
        Basis(_("《关于建立中小学校党组织领导的校长负责制的意见（试行）》（中办 2022）"), _("（五）（六）（七）")),
        basis("proposal_start"),
    )
    subject = Proposal
    read = READS
    order = 80
    system = "decisions"
    pages = (
        Page(_("会前检查"), "decisions-preflight", READS),
        Page(_("议题全貌"), "proposals-detail", READS),
    )
    extend = BUREAU
    escalate = BUREAU | SUPERVISES
    places = {SCHOOL: _("学校"), "county": _("县局三重一大管理")}
    papers = PAPERS
    states = (
        State("proposed", _("已提出，待确定议题")),
        State("preparing", _("会前准备")),
        State("tabled", _("已列入会议")),
        State("decided", _("已通过")),
        State("published", _("公示中")),
        State("executing", _("落实中")),
        State("done", _("已办结，待归档")),
        State("archived", _("已归档，待后评估"), tone="done", pauses=True),
        State("reviewed", _("已评估"), is_final=True, tone="done"),
        State("rejected", _("未通过"), is_final=True, tone="late"),
        State("declined", _("未确定为议题"), is_final=True),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    propose = Step(
        _("提出议题"), None, "proposed", PROPOSES, SCHOOL, may_bring=("proposal",), tone="primary",
        help=_("按本校事项清单选择事项。紧急情况已经先行处置的，写明日期和情况，并尽快提交会议追认。"),
    )  # fmt: skip
    start = Step(
        _("确定为议题"), "proposed", "preparing", LEADS, SCHOOL, within=START, tone="primary",
        help=_("议题由书记、校长确定。确定以后按清单办理前置程序。"),
    )  # fmt: skip
    decline = Step(
        _("不列为议题"), "proposed", "declined", LEADS, SCHOOL, needs_note=True, optional=True, tone="danger",
    )  # fmt: skip
    prepare = Step(
        _("登记前置程序"), "preparing", "preparing", PREPARES, SCHOOL, may_bring=("study", "filing"), optional=True,
        help=_("调研、比选、征求意见、论证、报备、推荐、考察等，办好一项登记一项，附上材料。"),
    )  # fmt: skip
    review_law = Step(
        _("合法性审查"), "preparing", "preparing", PREPARES | INSPECTS, SCHOOL, not_by=("propose",), may_bring=("opinion",),
        optional=True, help=_("由没有参与提出的人审查。"),
    )  # fmt: skip
    review_integrity = Step(
        _("廉洁性审查"), "preparing", "preparing", INSPECTS, SCHOOL, not_by=("propose",), may_bring=("opinion",),
        optional=True, help=_("由纪检委员审查。"),
    )  # fmt: skip
    talk = Step(
        _("登记书记校长沟通"), "preparing", "preparing", LEADS, SCHOOL, optional=True,
        help=_("有重大分歧的不能上会，继续酝酿后再登记。"),
    )  # fmt: skip
    waive = Step(
        _("作例外处理"), "preparing", "preparing", LEADS, SCHOOL, not_by=("propose",), optional=True, needs_note=True,
        help=_("确实办不到的要求，写明理由。例外长期保留在议题页面上，纪检委员和县局都能看到。"),
    )  # fmt: skip
    table = Step(
        _("列入会议"), "preparing", "tabled", RECORDS, SCHOOL, tone="primary",
        help=_("会前检查没有缺项才能列入。"),
    )  # fmt: skip
    go_on = Step(_("提交下一级会议"), "tabled", "preparing", nobody, SCHOOL, by_system=True, optional=True)
    postpone = Step(_("会议缓议"), "tabled", "preparing", nobody, SCHOOL, by_system=True, optional=True)
    take_off = Step(_("撤下议程"), "tabled", "preparing", nobody, SCHOOL, by_system=True, optional=True)
    decide = Step(_("会议通过"), "tabled", "decided", nobody, SCHOOL, by_system=True)
    reject = Step(_("会议未通过"), "tabled", "rejected", nobody, SCHOOL, by_system=True)
    withdraw = Step(
        _("撤回议题"), ("proposed", "preparing"), "withdrawn", PROPOSES, SCHOOL, needs=(is_off_the_table,),
        needs_note=True, optional=True,
    )  # fmt: skip
    publish, object_to, settle = after_steps.PUBLISH, after_steps.OBJECT_TO, after_steps.SETTLE
    end_publication, assign = after_steps.END_PUBLICATION, after_steps.ASSIGN
    report, change = after_steps.REPORT, after_steps.CHANGE
    finish, archive, review = after_steps.FINISH, after_steps.ARCHIVE, after_steps.REVIEW
