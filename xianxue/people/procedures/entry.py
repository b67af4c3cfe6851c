"""A single child's entry: enrolled at once, whatever the record lacks, and confirmed by another person."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Basis, Procedure, State, Step, register
from xianxue.people.access import HEAD, OFFICER, REGISTRAR, SEES_RECORDS
from xianxue.people.models import Entry
from xianxue.people.procedures.parts import basis, days

CONFIRM, MISSING = days("entry_confirm"), days("entry_missing_days")


def nothing_missing(entry: Any, _by: Actor) -> object | None:
    """The record is complete."""
    if entry.missing:
        return _t("未能核对通过：还有待补的材料。请先登记补齐；一时补不齐的，按“先行入学”核对。")
    return None


def something_missing(entry: Any, _by: Actor) -> object | None:
    """The record lacks something."""
    return None if entry.missing else _t("不需要先行入学：材料已经齐全，请直接核对通过。")


@register
class NewEntry(Procedure):
    """A missing record never keeps a child out: it is a result of the entry, not its condition."""

    code = "people.entry"
    label = _("入学登记")
    about = _("登记一名新入学的学生。材料不全的先行入学，写明缺什么、何时补齐；学籍是入学的结果，不是入学的条件。")
    basis = (
        basis("entry_missing"),
        Basis(_("《中小学学籍管理常见问题及解答》（2016）：不得以学籍为由拒绝学生入学"), is_checked=False),
    )
    subject = Entry
    read = SEES_RECORDS
    order = 10
    system = "pupils"
    extend = escalate = OFFICER
    places = {"school": _("学校"), "county": _("县局学籍管理")}
    papers = {
        "household": _("户口簿"),
        "identity": _("学生身份证件"),
        "residence": _("居住证明"),
        "other": _("其他材料"),
    }
    states = (
        State("entered", _("已入学，待核对")),
        State("provisional", _("先行入学，待补材料"), tone="due"),
        State("done", _("已核对"), is_final=True, tone="done"),
        State("cancelled", _("登记有误，已注销"), is_final=True, tone="late"),
    )

    open_entry = Step(
        _("登记入学"), None, "entered", REGISTRAR, "school", may_bring=("household", "identity", "residence", "other"),
        tone="primary",
    )  # fmt: skip
    confirm_entry = Step(
        _("核对通过"), "entered", "done", HEAD | OFFICER, "school", not_by=("open_entry",), needs=(nothing_missing,),
        within=CONFIRM, tone="primary", only_moves=True, in_batches=True,
    )  # fmt: skip
    confirm_provisional = Step(
        _("先行入学"), "entered", "provisional", HEAD | OFFICER, "school", not_by=("open_entry",),
        needs=(something_missing,), within=CONFIRM, tone="primary", only_moves=True,
    )  # fmt: skip
    supply_entry = Step(
        _("登记补交的材料"), "entered", "entered", REGISTRAR, "school", optional=True,
        may_bring=("household", "identity", "residence", "other"),
    )  # fmt: skip
    supply_later = Step(
        _("补交材料"), "provisional", "provisional", REGISTRAR, "school", within=MISSING,
        may_bring=("household", "identity", "residence", "other"),
    )  # fmt: skip
    complete_entry = Step(
        _("材料已补齐，核对通过"), "provisional", "done", HEAD | OFFICER, "school", not_by=("open_entry",),
        needs=(nothing_missing,), optional=True, tone="primary", only_moves=True,
    )  # fmt: skip
    cancel_entry = Step(
        _("登记有误，注销"), ("entered", "provisional"), "cancelled", HEAD | OFFICER, "school", not_by=("open_entry",),
        needs_note=True, optional=True, tone="danger",
        help=_("只用于登记错人、重复登记。材料不全不是注销的理由。"),
    )  # fmt: skip
