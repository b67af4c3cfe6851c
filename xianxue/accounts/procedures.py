"""Approval of exports of unmasked personal data: data only."""

from django.utils.translation import gettext_lazy as _

from xianxue.accounts.access import DECIDES_EXPORTS, KEEPERS, READS_EXPORTS
from xianxue.accounts.models import ExportRequest
from xianxue.kernel.procedures import Basis, Days, Procedure, State, Step, register


@register
class ExportApproval(Procedure):
    """Two persons: who asks does not decide."""

    code = "accounts.export"
    label = _("导出审批")
    about = _(
        "按模板导出未遮盖的个人信息超过规定行数时，先说明用途和接收单位，由本单位负责人批准；文件逐行带导出编号。"
    )
    basis = (Basis(_("《未成年人网络保护条例》"), _("第三十六条"), is_checked=False),)
    subject = ExportRequest
    read = READS_EXPORTS
    order, system = 90, "accounts"
    places = {"unit": _("申请单位")}
    states = (
        State("asked", _("待批准")),
        State("approved", _("已批准"), is_final=True, tone="done"),
        State("refused", _("未批准"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    ask = Step(_("申请导出"), None, "asked", KEEPERS, "unit", tone="primary")
    approve = Step(
        _("批准"),
        "asked",
        "approved",
        DECIDES_EXPORTS,
        "unit",
        not_by=("ask",),
        within=Days(2, _("县局约定，可改")),
        tone="primary",
    )
    refuse = Step(
        _("不批准"),
        "asked",
        "refused",
        DECIDES_EXPORTS,
        "unit",
        not_by=("ask",),
        needs_note=True,
        tone="danger",
        only_moves=True,
    )
    withdraw = Step(_("撤回"), "asked", "withdrawn", KEEPERS, "unit", optional=True)
