"""Changes of key facts: name, sex, birth date, identity number, with evidence and approval."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Basis, Procedure, State, Step, register
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SEES_RECORDS
from xianxue.people.models import KeyFactChange
from xianxue.people.procedures.parts import days

STEP = days("key_fact_step")


def is_still_the_same(change: Any, _by: Actor) -> object | None:
    """The pupil is still enrolled at the school that asked."""
    if change.enrolment.ended_on is not None:
        return _t("未能办理：该生在本校的学籍已经结束。请撤回本次变更，由现在的学校重新办理。")
    return None


@register
class KeyFacts(Procedure):
    """The only way to change what identifies a pupil, once it is there."""

    code = "people.key_facts"
    label = _("关键信息变更")
    about = _(
        "学生姓名、性别、出生日期、身份证件号已经登记的，凭证明材料经学校、县局两级审核后变更；表单和导入都不能直接改。"
    )
    basis = (Basis(_("《中小学生学籍管理办法》（教基〔2025〕1号）：关键信息变更"), is_checked=False),)
    subject = KeyFactChange
    starts_from = ("pupils", "enrolment")
    read = SEES_RECORDS
    order = 40
    system = "pupils"
    finish_within = days("key_fact_whole")
    extend = escalate = OFFICER
    places = {"school": _("学校"), "county": _("县局学籍管理")}
    papers = {"evidence": _("户口簿、公安机关证明等证明材料"), "other": _("其他材料")}
    states = (
        State("opened", _("待学校审核")),
        State("agreed", _("待县局审批")),
        State("lacking", _("待补正材料"), pauses=True, tone="due"),
        State("done", _("已变更"), is_final=True, tone="done"),
        State("refused", _("未予变更"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_change = Step(
        _("申请变更"), None, "opened", REGISTRAR, "school", papers=("evidence",), may_bring=("other",), tone="primary",
    )  # fmt: skip
    agree = Step(
        _("审核同意"), "opened", "agreed", HEAD, "school", not_by=("open_change",), within=STEP, tone="primary",
        needs=(is_still_the_same,), only_moves=True,
    )  # fmt: skip
    decline = Step(
        _("不同意"), "opened", "refused", HEAD, "school", not_by=("open_change",), needs_note=True, tone="danger",
        only_moves=True,
    )  # fmt: skip
    approve = Step(
        _("审批变更"), "agreed", "done", OFFICER, "county", not_by=("open_change", "agree"), within=STEP, tone="primary",
        needs=(is_still_the_same,),
    )  # fmt: skip
    ask_papers = Step(
        _("要求补正"), "agreed", "lacking", OFFICER, "county", needs_note=True, not_by=("open_change", "agree"),
        only_moves=True,
    )  # fmt: skip
    supply = Step(
        _("补交材料"), "lacking", "agreed", REGISTRAR, "school", papers=("evidence",), may_bring=("other",),
        within=STEP, tone="primary", only_moves=True,
    )  # fmt: skip
    refuse = Step(
        _("不予变更"), "agreed", "refused", OFFICER, "county", not_by=("open_change", "agree"), needs_note=True,
        tone="danger", only_moves=True,
    )  # fmt: skip
    withdraw = Step(
        _("撤回"), ("opened", "agreed", "lacking"), "withdrawn", REGISTRAR, "school", optional=True, needs_note=True,
        only_moves=True,
    )  # fmt: skip
