"""Graduation of a school's last grade of a stage (毕业、结业)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Basis, Procedure, State, Step, register
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SEES_RECORDS
from xianxue.people.models import Graduation
from xianxue.people.procedures.parts import days

STEP = days("graduation_step")


def day_has_come(graduation: Any, _by: Actor) -> object | None:
    """Nobody leaves before the day."""
    if graduation.left_on > timezone.localdate():
        words = {"day": graduation.left_on}
        return _t("未能办理：毕业离校日期 %(day)s 还没有到。请在当天或之后审核；日期填错的，请退回名单。") % words
    return None


@register
class Graduate(Procedure):
    """The whole grade leaves in one step; who does not is named with a reason, and the county may take it back."""

    code = "people.graduation"
    label = _("毕业")
    about = _(
        "学段最高年级整体毕业。学籍管理员列出例外（结业、暂不毕业），校长审核后学籍一次办结；县局备案前可以撤销。"
    )
    basis = (Basis(_("《中小学生学籍管理办法》（教基〔2025〕1号）关于毕业、结业的规定"), _("条次待核")),)
    subject = Graduation
    read = SEES_RECORDS
    order = 46
    system = "pupils"
    extend = escalate = OFFICER
    places = {"school": _("学校"), "county": _("县局学籍管理")}
    papers = {"list": _("毕业生名册"), "other": _("其他材料")}
    states = (
        State("listed", _("学校核对名单")),
        State("submitted", _("待校长审核")),
        State("done", _("已毕业，待县局备案"), tone="done"),
        State("filed", _("已备案"), is_final=True, tone="done"),
        State("undone", _("已撤销毕业"), is_final=True, tone="late"),
        State("withdrawn", _("已撤回"), is_final=True),
    )

    open_list = Step(
        _("登记毕业名单"), None, "listed", REGISTRAR, "school", may_bring=("list", "other"), tone="primary",
        help=_("名单是该年级的全部在籍学生，不用逐人录入；休学的学生不在其中。"),
    )  # fmt: skip
    name_exception = Step(
        _("登记例外学生"), "listed", "listed", REGISTRAR, "school", may_bring=("other",), optional=True,
        help=_("结业或暂不毕业的，逐人写明原因。同一人再次登记的，以后一次为准；选“毕业”即取消例外。"),
    )  # fmt: skip
    submit = Step(
        _("提交校长审核"), "listed", "submitted", REGISTRAR, "school", may_bring=("list", "other"), within=STEP,
        tone="primary", only_moves=True,
    )  # fmt: skip
    approve = Step(
        _("审核同意毕业"), "submitted", "done", HEAD, "school", not_by=("open_list", "name_exception", "submit"),
        within=STEP, needs=(day_has_come,), tone="primary",
        help=_("提交后，该年级学生的学籍和编班自毕业离校日期起结束；名单上的例外除外。"),
    )  # fmt: skip
    send_back = Step(
        _("退回名单"), "submitted", "listed", HEAD, "school", not_by=("open_list", "submit"), needs_note=True,
        optional=True, only_moves=True,
    )  # fmt: skip
    withdraw = Step(
        _("撤回毕业名单"), ("listed", "submitted"), "withdrawn", REGISTRAR, "school", needs_note=True, optional=True,
    )  # fmt: skip
    file_away = Step(
        _("备案"), "done", "filed", OFFICER, "county", not_by=("open_list", "submit", "approve"),
        within=days("graduation_filing"), tone="primary", help=_("备案后不能整体撤销。"), only_moves=True,
    )  # fmt: skip
    undo = Step(
        _("撤销毕业"), "done", "undone", OFFICER, "county", not_by=("open_list", "submit", "approve"), needs_note=True,
        optional=True, tone="danger", help=_("全部学生的学籍和编班恢复原样。有学生已在新学校入学的，不能撤销。"),
    )  # fmt: skip
