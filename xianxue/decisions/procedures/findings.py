"""What a check found, until it is settled: the school explains, somebody else judges, and what holds is put right."""

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, INSPECTS, LEADS, READS, RECORDS, SUPERVISES
from xianxue.decisions.models import Finding
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.checks.procedure import FindingProcedure, Words
from xianxue.kernel.procedures import Page, register

JUDGES = INSPECTS | SUPERVISES
"""The school's inspector, or the county's discipline office."""


@register
class FollowFinding(FindingProcedure):
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
    unit_place, above_place = "school", "county"
    explains, judges, excepts, hands_on = LEADS | RECORDS, JUDGES, BUREAU, JUDGES | BUREAU
    explain_within, judge_within = days("finding_explain"), days("finding_judge")
    send_within, rectify_within = days("finding_send"), days("finding_rectify")
    words = Words(
        opened=_("待学校说明"),
        explanation=_("学校说明"),
        excepted=_("县局同意例外"),
        accept=_("写明查看了什么。学校不能确认自己的整改。"),
        too_early=_("未能直接认定：学校的说明期限到 %(day)s，还没有过。请等学校说明，或者期限过后再认定。"),
        still_there=_(
            "未能排除：这是由数据确定的问题，现在仍然存在。记录有误的，请学校先更正；确有理由的，由县局按例外处理。"
        ),
    )
    pages = (Page(_("问题和数据"), "findings-detail", READS),)
