"""What a check found, until it is settled: the school explains, somebody else judges, and what holds is put right."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, INSPECTS, LEADS, READS, RECORDS, SUPERVISES
from xianxue.decisions.choices import Certainty
from xianxue.decisions.models import Finding
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.access import Actor, nobody
from xianxue.kernel.procedures import Page, Procedure, State, Step, clock, register

EXPLAIN, JUDGE = days("finding_explain"), days("finding_judge")
SEND, RECTIFY = days("finding_send"), days("finding_rectify")
JUDGES = INSPECTS | SUPERVISES
"""The school's inspector, or the county's discipline office."""
PAPERS = {"evidence": _("佐证材料"), "correction": _("整改佐证")}


def explanation_late(finding: Any, _by: Actor) -> object | None:
    """Nobody is judged unheard before the limit for the explanation has passed."""
    todo = finding.matter.todos.filter(place="school").first()
    if todo is None or todo.due_on is None or clock.today() > todo.due_on:
        return None
    return _t("未能直接认定：学校的说明期限到 %(day)s，还没有过。请等学校说明，或者期限过后再认定。") % {
        "day": todo.due_on.isoformat()
    }


def can_be_dismissed(finding: Any, _by: Actor) -> object | None:
    """What the data decide stands until the data are put right; otherwise only the bureau makes an exception."""
    if finding.certainty == Certainty.CERTAIN and finding.gone_on is None:
        return _t(
            "未能排除：这是由数据确定的问题，现在仍然存在。记录有误的，请学校先更正；确有理由的，由县局按例外处理。"
        )
    return None


@register
class FollowFinding(Procedure):
    """Opened by the checks alone; nobody closes what concerns themselves."""

    code = "decisions.finding"
    label = _("问题核查")
    about = _("规则检查发现的问题：学校说明，监督人员认定或者排除，认定的转整改。学校不能自行销号。")
    basis = (basis("finding_explain"), basis("finding_judge"), basis("finding_rectify"))
    subject = Finding
    read = READS
    order = 82
    system = "decisions"
    extend = BUREAU
    escalate = BUREAU | SUPERVISES
    places = {"school": _("学校"), "watch": _("监督人员"), "county": _("县局三重一大管理")}
    papers = PAPERS
    pages = (Page(_("问题和数据"), "findings-detail", READS),)
    states = (
        State("opened", _("待学校说明"), tone="due"),
        State("explained", _("已说明，待认定")),
        State("confirmed", _("已认定，待转整改"), tone="late"),
        State("for_rectification", _("已转整改"), tone="due"),
        State("rectified", _("已整改"), is_final=True, tone="done"),
        State("dismissed", _("已排除"), is_final=True),
        State("excepted", _("县局同意例外"), is_final=True),
        State("gone", _("问题已不存在"), is_final=True),
    )

    open_finding = Step(_("规则检查发现"), None, "opened", nobody, "school", by_system=True)
    explain = Step(
        _("说明情况"), "opened", "explained", LEADS | RECORDS, "school", may_bring=("evidence",), within=EXPLAIN,
        tone="primary", help=_("写明当时的情况和理由。记录有误的，先更正记录再说明。"),
    )  # fmt: skip
    confirm_unexplained = Step(
        _("逾期未说明，直接认定"), "opened", "confirmed", JUDGES, "watch", needs=(explanation_late,), optional=True,
        not_concerned=True, tone="danger",
    )  # fmt: skip
    confirm = Step(
        _("认定问题"), "explained", "confirmed", JUDGES, "watch", not_by=("explain",), within=JUDGE,
        not_concerned=True, may_bring=("evidence",), tone="danger",
    )  # fmt: skip
    dismiss = Step(
        _("排除"), "explained", "dismissed", JUDGES, "watch", not_by=("explain",), needs=(can_be_dismissed,),
        not_concerned=True, within=JUDGE, help=_("只有疑似的问题，或者记录已经更正的问题可以排除。"),
    )  # fmt: skip
    return_explanation = Step(
        _("退回重新说明"), "explained", "opened", JUDGES, "watch", not_by=("explain",), needs_note=True, optional=True,
        not_concerned=True, help=_("写明哪里没有说清楚。"), only_moves=True,
    )  # fmt: skip
    except_ = Step(
        _("按例外处理"), ("explained", "confirmed"), "excepted", BUREAU, "county", not_by=("explain", "confirm"),
        not_concerned=True, optional=True, help=_("写明依据。例外永久留在问题上，监督人员可以查看。"),
    )  # fmt: skip
    send = Step(
        _("转整改"), "confirmed", "for_rectification", JUDGES | BUREAU, "watch", within=SEND, tone="primary",
        not_concerned=True,
        help=_("转交整改，写明整改要求。"), needs_note=True,
    )  # fmt: skip
    accept = Step(
        _("确认已整改"), "for_rectification", "rectified", JUDGES | BUREAU, "watch", not_by=("explain",), within=RECTIFY,
        not_concerned=True,
        may_bring=("correction",), needs_note=True, tone="primary", help=_("写明查看了什么。学校不能确认自己的整改。"), only_moves=True,
    )  # fmt: skip
    vanish = Step(
        _("问题已不存在"), "opened", "gone", nobody, "watch", by_system=True, optional=True, only_moves=True,
    )  # fmt: skip
