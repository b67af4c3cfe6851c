"""Suspension and return (休学、复学), with renewal."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Procedure, State, Step, register
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SEES_RECORDS
from xianxue.people.models import Suspension
from xianxue.people.procedures.parts import basis, days

STEP = days("suspension_step")


def is_enrolled(suspension: Any, _by: Actor) -> object | None:
    """The enrolment has not ended meanwhile."""
    if suspension.enrolment.ended_on is not None:
        return _t("未能办理：该生在本校的学籍已经结束。请办理“学籍已结束，结束休学”。")
    return None


def has_left(suspension: Any, _by: Actor) -> object | None:
    """The enrolment has ended, so that nobody is waited for."""
    if suspension.enrolment.ended_on is None:
        return _t("未能办理：该生学籍仍在本校。请办理复学、续休，或先办理转学等学籍业务。")
    return None


def expected_back(suspension: Any) -> date:
    """The day on which the pupil is expected."""
    day: date = suspension.expected_on
    return day


@register
class Suspend(Procedure):
    """From the application for leave until the pupil is back; a pupil who is not back in time is a late to-do."""

    code = "people.suspension"
    label = _("休学与复学")
    about = _("学生因病等原因需要停课一段时间，保留学籍。期满复学；不能复学的，申请续休。到期未复学的，列入逾期待办。")
    basis = (basis("suspension"), basis("suspension_step"))
    subject = Suspension
    starts_from = ("pupils", "enrolment")
    read = SEES_RECORDS
    order = 44
    system = "pupils"
    finish_within = days("suspension_whole")
    extend = escalate = OFFICER
    places = {"school": _("学校"), "county": _("县局学籍管理")}
    papers = {
        "application": _("监护人休学申请"),
        "evidence": _("医院证明等证明材料"),
        "renewal": _("续休证明材料"),
        "recovery": _("康复证明等复学材料"),
        "other": _("其他材料"),
    }
    states = (
        State("opened", _("待学校审核")),
        State("agreed", _("待县局审批")),
        State("suspended", _("休学中，待复学"), pauses=True),
        State("renewing", _("续休待县局审批"), pauses=True),
        State("returning", _("复学待校长确认"), pauses=True),
        State("returning_lower", _("转低年级复学，待县局确认"), pauses=True),
        State("returned", _("已复学"), is_final=True, tone="done"),
        State("refused", _("未予休学"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
        State("revoked", _("休学已撤销"), is_final=True),
        State("ended", _("学籍已结束"), is_final=True),
    )

    ask = Step(
        _("申请休学"), None, "opened", REGISTRAR, "school", papers=("application", "evidence"), may_bring=("other",),
        tone="primary",
    )  # fmt: skip
    agree = Step(
        _("同意休学"), "opened", "agreed", HEAD, "school", not_by=("ask",), within=STEP, needs=(is_enrolled,),
        tone="primary", only_moves=True,
    )  # fmt: skip
    decline = Step(
        _("不同意休学"), "opened", "refused", HEAD, "school", not_by=("ask",), needs_note=True, optional=True,
        tone="danger", only_moves=True,
    )  # fmt: skip
    approve = Step(
        _("批准休学"), "agreed", "suspended", OFFICER, "county", not_by=("ask", "agree"), within=STEP,
        needs=(is_enrolled,), tone="primary", help=_("批准后学籍状态改为休学，自休学开始日期起不再编在班内。"),
    )  # fmt: skip
    reject = Step(
        _("不予批准"), "agreed", "refused", OFFICER, "county", not_by=("ask", "agree"), needs_note=True, optional=True,
        tone="danger", only_moves=True,
    )  # fmt: skip
    withdraw = Step(
        _("撤回休学申请"), ("opened", "agreed"), "withdrawn", REGISTRAR, "school", needs_note=True, optional=True,
        only_moves=True,
    )  # fmt: skip
    ask_return = Step(
        _("申请复学"), "suspended", "returning", REGISTRAR, "school", may_bring=("recovery", "other"), due=expected_back,
        needs=(is_enrolled,), tone="primary", help=_("回原年级的班。到期不能复学的，请在到期前申请续休。"),
    )  # fmt: skip
    ask_return_lower = Step(
        _("申请转低年级复学"), "suspended", "returning_lower", REGISTRAR, "school", may_bring=("recovery", "other"),
        needs=(is_enrolled,), needs_note=True, optional=True, help=_("编入低一年级的班，写明理由，由县局确认。"),
    )  # fmt: skip
    confirm_return = Step(
        _("确认复学"), "returning", "returned", HEAD, "school", not_by=("ask_return",), within=STEP,
        needs=(is_enrolled,), tone="primary",
    )  # fmt: skip
    send_back_return = Step(
        _("退回复学申请"), "returning", "suspended", HEAD, "school", not_by=("ask_return",), needs_note=True,
        optional=True,
    )  # fmt: skip
    confirm_return_lower = Step(
        _("确认转低年级复学"), "returning_lower", "returned", OFFICER, "county", not_by=("ask_return_lower",),
        within=STEP, needs=(is_enrolled,), tone="primary",
    )  # fmt: skip
    send_back_lower = Step(
        _("退回转低年级申请"), "returning_lower", "suspended", OFFICER, "county", not_by=("ask_return_lower",),
        needs_note=True, optional=True,
    )  # fmt: skip
    ask_renewal = Step(
        _("申请续休"), "suspended", "renewing", REGISTRAR, "school", papers=("renewal",), may_bring=("other",),
        needs=(is_enrolled,), optional=True,
    )  # fmt: skip
    approve_renewal = Step(
        _("批准续休"), "renewing", "suspended", OFFICER, "county", not_by=("ask_renewal",), within=STEP,
        needs=(is_enrolled,), tone="primary",
    )  # fmt: skip
    refuse_renewal = Step(
        _("不予续休"), "renewing", "suspended", OFFICER, "county", not_by=("ask_renewal",), needs_note=True,
        optional=True, tone="danger",
    )  # fmt: skip
    revoke = Step(
        _("撤销休学"), "suspended", "revoked", OFFICER, "county", not_by=("ask", "agree"), needs_note=True,
        needs=(is_enrolled,), optional=True, tone="danger", help=_("办错了人的，撤销后学籍和编班恢复原样。"),
    )  # fmt: skip
    close_left = Step(
        _("学籍已结束，结束休学"), ("suspended", "renewing", "returning", "returning_lower"), "ended", REGISTRAR,
        "school", needs=(has_left,), optional=True, only_moves=True,
    )  # fmt: skip
