"""Changing schools: within the county, out of it, into it, and the correction of a mistaken transfer."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Basis, Procedure, State, Step, clock, register
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SCHOOL, SEES_RECORDS
from xianxue.people.models import Transfer
from xianxue.people.procedures.parts import basis, days
from xianxue.people.rules.transfers import silence_not_over

STEP, WHOLE = days("transfer_step"), days("transfer_whole")
BASIS = (
    basis("transfer_step"),
    Basis(_("学籍随人走，一人一籍"), is_checked=True),
    Basis(_("《中华人民共和国义务教育法》第十二条"), is_checked=False),
)
PAPERS = {
    "application": _("监护人转学申请"),
    "residence": _("户口簿或居住证明"),
    "other": _("其他证明材料"),
    "letter": _("联系函或接收函"),
}
APPEAL = _(
    "请写明理由，并告知监护人：可以补齐材料后重新申请；有异议的，可以向县教育局申请核查；"
    "义务教育阶段不得以学籍、费用、成绩为由拒绝学生入学。"
)


def sending_is_late(transfer: Any, _by: Actor) -> object | None:
    """The limit of the sending school has passed."""
    todo = transfer.matter.todos.filter(place="sending").first()
    return silence_not_over(todo.due_on if todo else None, clock.today())


def is_still_here(transfer: Any, _by: Actor) -> object | None:
    """The episode that is to end has not ended otherwise."""
    if transfer.enrolment_id and transfer.enrolment.ended_on is not None:
        return _t("未能办理：该生在原学校的学籍已经结束，不能再转。请撤回本次转学，核对学籍后重新办理。")
    return None


@register
class TransferWithin(Procedure):
    """Opened by the receiving school; the file moves with the child, and the old school's reading ends."""

    code = "people.transfer"
    label = _("县内转学")
    about = _("学生从本县一所学校转到另一所学校，由转入学校发起。办结后学籍、档案随学生转入新学校，原学校不再能查看。")
    basis = BASIS
    subject = Transfer
    read = SEES_RECORDS
    order = 20
    system = "pupils"
    finish_within = WHOLE
    accept_within = STEP
    extend = escalate = OFFICER
    places = {"receiving": _("转入学校"), "sending": _("转出学校"), "county": _("县局学籍管理")}
    papers = PAPERS
    states = (
        State("opened", _("待转入学校审核")),
        State("lacking", _("待补正材料"), pauses=True, tone="due"),
        State("agreed", _("待转出学校核对")),
        State("checked", _("待县局核办")),
        State("county_lacking", _("县局要求补正材料"), pauses=True, tone="due"),
        State("objected", _("转出学校有异议，待县局裁定"), tone="due"),
        State("approved", _("已核准，待编班接收")),
        State("done", _("已转入"), is_final=True, tone="done"),
        State("refused", _("未予转学"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_transfer = Step(
        _("登记转学"), None, "opened", REGISTRAR, "receiving", papers=("application",), may_bring=("residence", "other"),
        help=_("学籍号和姓名都相符才能登记。查询不到的次数会留下记录。"), tone="primary",
    )  # fmt: skip
    agree = Step(
        _("同意转入"), "opened", "agreed", HEAD, "receiving", not_by=("open_transfer",), papers=("application", "residence"),
        within=STEP, accepts=True, tone="primary", only_moves=True,
    )  # fmt: skip
    ask_papers = Step(
        _("要求补正材料"), "opened", "lacking", HEAD, "receiving", needs_note=True, optional=True,
        help=_("写明缺什么、什么时候交。补正期间停止计算期限。"), only_moves=True,
    )  # fmt: skip
    supply = Step(
        _("补正材料"), "lacking", "opened", REGISTRAR, "receiving", may_bring=("application", "residence", "other"),
        only_moves=True,
    )  # fmt: skip
    decline = Step(
        _("不予转入"), "opened", "refused", HEAD, "receiving", not_by=("open_transfer",), needs_note=True, optional=True,
        accepts=True, help=APPEAL, tone="danger", only_moves=True,
    )  # fmt: skip
    confirm = Step(
        _("核对无误，同意转出"), "agreed", "checked", SCHOOL, "sending", within=STEP, needs=(is_still_here,),
        not_by=("open_transfer", "agree"), tone="primary",
        help=_("十个工作日内核对。逾期不办的，由县局直接核办。不得以费用、成绩为由拖延。"), only_moves=True,
    )  # fmt: skip
    object_to = Step(
        _("提出异议"), "agreed", "objected", SCHOOL, "sending", needs_note=True, optional=True,
        not_by=("open_transfer", "agree"), may_bring=("other",), tone="danger",
        help=_("只限所列理由。未结清费用、学业成绩、班额和升学指标都不是理由。"),
    )  # fmt: skip
    decide_in_silence = Step(
        _("逾期未办，直接核办"), "agreed", "approved", OFFICER, "county", needs=(sending_is_late, is_still_here),
        not_by=("open_transfer", "agree"), optional=True, needs_note=True,
        basis=STEP.basis, only_moves=True,
    )  # fmt: skip
    approve = Step(
        _("核准转学"), "checked", "approved", OFFICER, "county", not_by=("open_transfer", "agree", "confirm"),
        needs=(is_still_here,), within=STEP, tone="primary",
    )  # fmt: skip
    county_asks = Step(
        _("县局要求补正"), ("checked", "objected"), "county_lacking", OFFICER, "county", needs_note=True, optional=True,
        help=_("写明缺什么、什么时候交。补正期间停止计算期限。"), only_moves=True,
    )  # fmt: skip
    county_supply = Step(
        _("向县局补正材料"), "county_lacking", "checked", REGISTRAR, "receiving",
        may_bring=("application", "residence", "other"), only_moves=True,
    )  # fmt: skip
    reject = Step(
        _("不予核准"), "checked", "refused", OFFICER, "county", not_by=("open_transfer", "agree", "confirm"),
        needs_note=True, optional=True, help=APPEAL, tone="danger", only_moves=True,
    )  # fmt: skip
    overrule = Step(
        _("异议不成立，准予转学"), "objected", "approved", OFFICER, "county", not_by=("open_transfer", "agree", "object_to"),
        needs=(is_still_here,), within=STEP, needs_note=True, tone="primary", only_moves=True,
    )  # fmt: skip
    uphold = Step(
        _("异议成立，不予转学"), "objected", "refused", OFFICER, "county", not_by=("open_transfer", "agree", "object_to"),
        within=STEP, needs_note=True, help=APPEAL, tone="danger", only_moves=True,
    )  # fmt: skip
    place = Step(
        _("编班接收"), "approved", "done", REGISTRAR, "receiving", needs=(is_still_here,), within=STEP,
        releases=("sending",), tone="primary",
        help=_("提交后学籍、档案即随学生转入本校，原学校不再能查看。"),
    )  # fmt: skip
    withdraw = Step(
        _("撤回转学"), ("opened", "lacking", "agreed", "checked", "county_lacking", "objected", "approved"), "withdrawn",
        REGISTRAR, "receiving", needs_note=True, optional=True, only_moves=True,
    )  # fmt: skip


@register
class TransferOut(Procedure):
    """Opened by the school; the child stays counted here until the other side's acceptance is recorded."""

    code = "people.transfer_out"
    label = _("转出县外")
    about = _("学生转往外县、外省。对方接收之前仍计在本校；录入对方接收日期和编号后，学籍才结束。")
    basis = BASIS
    subject = Transfer
    read = SEES_RECORDS
    order = 22
    system = "pupils"
    finish_within = WHOLE
    extend = escalate = OFFICER
    places = {"sending": _("转出学校"), "county": _("县局学籍管理")}
    papers = PAPERS
    states = (
        State("opened", _("待学校审核")),
        State("agreed", _("待县局核办")),
        State("issued", _("已发联系函，待对方接收"), pauses=True),
        State("done", _("对方已接收"), is_final=True, tone="done"),
        State("refused", _("未予转出"), is_final=True, tone="late"),
        State("returned", _("对方未接收"), is_final=True),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_out = Step(
        _("登记转出"), None, "opened", REGISTRAR, "sending", papers=("application",), may_bring=("letter", "other"),
        tone="primary",
    )  # fmt: skip
    agree_out = Step(
        _("同意转出"), "opened", "agreed", HEAD, "sending", not_by=("open_out",), needs=(is_still_here,), within=STEP,
        tone="primary", only_moves=True,
    )  # fmt: skip
    issue = Step(
        _("核办并发联系函"), "agreed", "issued", OFFICER, "county", not_by=("open_out", "agree_out"),
        needs=(is_still_here,), within=STEP, tone="primary",
    )  # fmt: skip
    reject_out = Step(
        _("不予转出"), "agreed", "refused", OFFICER, "county", not_by=("open_out", "agree_out"), needs_note=True,
        optional=True, help=APPEAL, tone="danger", only_moves=True,
    )  # fmt: skip
    accepted = Step(
        _("录入对方接收"), "issued", "done", OFFICER, "county", not_by=("open_out", "agree_out"), needs=(is_still_here,), within=STEP,
        may_bring=("letter",), releases=("sending",), tone="primary",
        help=_("录入后学籍结束，档案由县局保管并转交，本校不再能查看。"),
    )  # fmt: skip
    not_accepted = Step(
        _("对方未接收"), "issued", "returned", OFFICER, "county", needs_note=True, optional=True,
        help=_("学生仍在本校就读，学籍不变。"), only_moves=True,
    )  # fmt: skip
    withdraw_out = Step(
        _("撤回转出"), ("opened", "agreed", "issued"), "withdrawn", REGISTRAR, "sending", needs_note=True, optional=True,
        only_moves=True,
    )  # fmt: skip


@register
class TransferIn(Procedure):
    """Opened by the school with the child's facts; they are entered when the county approves."""

    code = "people.transfer_in"
    label = _("县外转入")
    about = _("学生从外县、外省转来。县局核准后建立学籍，沿用原学籍号。等候核准期间学生可以先到校上课。")
    basis = BASIS
    subject = Transfer
    read = SEES_RECORDS
    order = 24
    system = "pupils"
    finish_within = WHOLE
    extend = escalate = OFFICER
    places = {"receiving": _("转入学校"), "county": _("县局学籍管理")}
    papers = PAPERS
    states = (
        State("opened", _("待学校审核")),
        State("agreed", _("待县局核办")),
        State("lacking", _("待补正材料"), pauses=True, tone="due"),
        State("done", _("已转入"), is_final=True, tone="done"),
        State("refused", _("未予转入"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_in = Step(
        _("登记转入"), None, "opened", REGISTRAR, "receiving", papers=("application",),
        may_bring=("residence", "letter", "other"), tone="primary",
    )  # fmt: skip
    agree_in = Step(
        _("同意转入"), "opened", "agreed", HEAD, "receiving", not_by=("open_in",), papers=("application", "residence"),
        within=STEP, tone="primary", only_moves=True,
    )  # fmt: skip
    ask_in = Step(
        _("要求补正材料"), "agreed", "lacking", OFFICER, "county", needs_note=True, optional=True,
        help=_("写明缺什么、什么时候交。补正期间停止计算期限。"), only_moves=True,
    )  # fmt: skip
    supply_in = Step(
        _("补正材料"), "lacking", "agreed", REGISTRAR, "receiving",
        may_bring=("application", "residence", "letter", "other"), only_moves=True,
    )  # fmt: skip
    approve_in = Step(
        _("核准转入"), "agreed", "done", OFFICER, "county", not_by=("open_in", "agree_in"), within=STEP, tone="primary",
        help=_("提交后在转入学校建立学籍，沿用原学籍号。"),
    )  # fmt: skip
    reject_in = Step(
        _("不予转入"), ("opened", "agreed"), "refused", OFFICER, "county", not_by=("open_in", "agree_in"),
        needs_note=True, optional=True, help=APPEAL, tone="danger", only_moves=True,
    )  # fmt: skip
    withdraw_in = Step(
        _("撤回转入"), ("opened", "agreed", "lacking"), "withdrawn", REGISTRAR, "receiving", needs_note=True,
        optional=True, only_moves=True,
    )  # fmt: skip


@register
class TransferCorrection(Procedure):
    """A transfer that should not have been is taken back by the county, with the present school's consent."""

    code = "people.transfer_correction"
    label = _("转回更正")
    about = _("县内转学办错了人、办错了学校时，由县局发起，现学校校长核对后恢复原学籍。")
    basis = (Basis(_("《中小学生学籍管理办法》（教基〔2025〕1号）关于学籍信息更正的规定"), _("条次待核")),)
    subject = Transfer
    read = SEES_RECORDS
    order = 26
    system = "pupils"
    finish_within = STEP
    extend = escalate = OFFICER
    places = {"receiving": _("现学校"), "county": _("县局学籍管理")}
    states = (
        State("asked", _("待现学校核对")),
        State("done", _("已恢复原学籍"), is_final=True, tone="done"),
        State("refused", _("现学校不同意"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_correction = Step(_("登记转回更正"), None, "asked", OFFICER, "county", needs_note=True, tone="primary")
    undo = Step(
        _("同意转回"), "asked", "done", HEAD, "receiving", not_by=("open_correction",), within=STEP,
        releases=("receiving",), tone="primary", help=_("提交后学生回到原学校，本校不再能查看其档案。"),
    )  # fmt: skip
    keep = Step(
        _("不同意转回"),
        "asked",
        "refused",
        HEAD,
        "receiving",
        needs_note=True,
        optional=True,
        tone="danger",
        only_moves=True,
    )
    withdraw_correction = Step(
        _("撤回更正"), "asked", "withdrawn", OFFICER, "county", needs_note=True, optional=True, only_moves=True
    )
