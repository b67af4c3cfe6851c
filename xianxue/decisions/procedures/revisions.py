"""A new version of the county's rules: one drafts it, another gives it force."""

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, CONFIRMS, OVERSEES
from xianxue.decisions.models import RuleChange
from xianxue.decisions.rules.limits import basis, days
from xianxue.kernel.procedures import Procedure, State, Step, register

CHANGES = ("draft", "set_frame", "set_limits", "set_majorities", "set_checks", "submit")


@register
class ReviseRules(Procedure):
    """A version in force is never changed: a new one takes its place from a day on."""

    code = "decisions.rules"
    label = _("规则修订")
    about = _(
        "修订三重一大的限额、到会和表决比例、天数、检查项。由一人起草，另一人核对后自生效日期起用；现行版本不改动，已经提出的议题仍按原来的版本检查。"
    )
    basis = (basis("rules_confirm"),)
    subject = RuleChange
    read = OVERSEES
    order = 88
    system = "decisions"
    extend = BUREAU
    escalate = BUREAU
    places = {"county": _("县局三重一大管理")}
    papers = {"basis": _("修订依据")}
    states = (
        State("drafting", _("起草中")),
        State("submitted", _("待核对")),
        State("confirmed", _("已确认"), is_final=True, tone="done"),
        State("dropped", _("已作废"), is_final=True),
    )

    draft = Step(
        _("起草新版本"), None, "drafting", BUREAU, "county", may_bring=("basis",), tone="primary",
        help=_("由现行版本复制一份，再逐项修改。"),
    )  # fmt: skip
    set_frame = Step(
        _("修改版本号、生效日期和依据"), "drafting", "drafting", BUREAU, "county", may_bring=("basis",), optional=True,
    )  # fmt: skip
    set_limits = Step(
        _("修改限额"), "drafting", "drafting", BUREAU, "county", optional=True,
        help=_("限额含本数。学校清单里的限额不能高于这里的限额。"),
    )  # fmt: skip
    set_majorities = Step(
        _("修改到会和表决比例"), "drafting", "drafting", BUREAU, "county", optional=True,
        help=_("“以上”含本数，“超过”不含本数。"),
    )  # fmt: skip
    set_checks = Step(
        _("修改检查项"), "drafting", "drafting", BUREAU, "county", optional=True,
        help=_("每项检查的严重程度和参数；停用的不再检查。"),
    )  # fmt: skip
    submit = Step(
        _("提交核对"), "drafting", "submitted", BUREAU, "county", tone="primary",
        help=_("提交以后不能再修改，等另一人核对。"),
    )  # fmt: skip
    confirm = Step(
        _("核对无误，确认生效"), "submitted", "confirmed", CONFIRMS, "county", not_by=CHANGES,
        within=days("rules_confirm"), tone="primary", help=_("请逐项核对修改内容。确认以后不能改动，只能再修订。"),
    )  # fmt: skip
    send_back = Step(
        _("退回起草"), "submitted", "drafting", CONFIRMS, "county", not_by=CHANGES, needs_note=True, optional=True,
        only_moves=True,
    )  # fmt: skip
    drop = Step(
        _("作废草稿"), "drafting", "dropped", BUREAU, "county", needs_note=True, optional=True, tone="danger",
        only_moves=True,
    )  # fmt: skip
