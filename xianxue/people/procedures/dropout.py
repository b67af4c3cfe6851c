"""Alerts for children out of school (控辍保学)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.procedures import Basis, Procedure, State, Step, register
from xianxue.people.access import DIRECTOR, OFFICER, SCHOOL, SEES_PUPILS, TEACHER
from xianxue.people.models import DropOutCase
from xianxue.people.procedures.parts import days

VISIT, CLOSING = days("drop_out_visit"), days("drop_out_closing")
FOLLOWED = ("raised", "visited", "escalated")
REPORTS = ("report_back", "report_elsewhere", "report_exempt")


def _report(label: Any, papers: tuple[str, ...], help_text: Any, *, optional: bool = True) -> Step:
    return Step(
        label, FOLLOWED, "closing", SCHOOL, "school", papers=papers, may_bring=("evidence",), optional=optional,
        help=help_text,
    )  # fmt: skip


@register
class DropOut(Procedure):
    """From the alert until the county has seen that the child learns again, elsewhere, or lawfully need not."""

    code = "people.drop_out"
    label = _("控辍保学预警")
    about = _(
        "义务教育阶段学生无故缺课、离校后无去向的，登记预警，逐次劝返，直到返校、查明在别处就读或依法免除，由县局核实办结。"
    )
    basis = (
        Basis(_("《中华人民共和国义务教育法》"), _("第五条、第十一条、第十三条（条次待核）")),
        Basis(_("《国务院办公厅关于进一步加强控辍保学提高义务教育巩固水平的通知》（国办发〔2017〕72号）")),
    )
    subject = DropOutCase
    starts_from = ("pupils", "enrolment")
    read = SEES_PUPILS
    order = 48
    system = "pupils"
    extend = escalate = OFFICER
    escalate_further = ((5, DIRECTOR),)
    places = {"school": _("学校"), "class": _("班主任"), "county": _("县局学籍管理")}
    papers = {"evidence": _("在读证明、批准文件等证明材料"), "other": _("其他材料")}
    states = (
        State("raised", _("待劝返"), tone="due"),
        State("visited", _("劝返中")),
        State("escalated", _("县局督办"), tone="late"),
        State("closing", _("待县局核实")),
        State("closed", _("已办结"), is_final=True, tone="done"),
        State("dismissed", _("不属失学，已撤销"), is_final=True),
    )

    raise_alert = Step(
        _("登记预警"), None, "raised", SCHOOL, "school", may_bring=("other",), by_system=True, tone="primary",
    )  # fmt: skip
    teacher_raises = Step(
        _("班主任登记预警"), None, "raised", TEACHER, "class", may_bring=("other",), tone="primary",
    )  # fmt: skip
    visit = Step(
        _("登记劝返"), ("raised", "visited"), "visited", SCHOOL, "school", may_bring=("other",), within=VISIT,
        tone="primary", help=_("每次上门、电话或面谈登记一次；未返校的，在期限内再次劝返。"),
    )  # fmt: skip
    teacher_visits = Step(
        _("班主任登记劝返"), ("raised", "visited"), "visited", TEACHER, "class", may_bring=("other",), optional=True,
    )  # fmt: skip
    joint_visit = Step(
        _("登记联合劝返"), "escalated", "escalated", SCHOOL | OFFICER, "school", may_bring=("other",), within=VISIT,
    )  # fmt: skip
    escalate_case = Step(
        _("转县局督办"), ("raised", "visited"), "escalated", OFFICER, "county", needs_note=True, optional=True,
        by_system=True, only_moves=True,
    )  # fmt: skip
    report_back = _report(_("报告已返校"), (), _("学生已在本县学校就读。离校后返校的，先办理入学。"))
    report_elsewhere = _report(_("报告已在别处就读"), ("evidence",), _("附对方学校的在读证明。"))
    report_exempt = _report(
        _("报告依法缓学或送教上门"), ("evidence",), _("附批准文件。送教上门的学生保留学籍，不算辍学。")
    )
    confirm_closing = Step(
        _("核实办结"), "closing", "closed", OFFICER, "county", not_by=REPORTS, within=CLOSING, tone="primary",
        only_moves=True,
    )  # fmt: skip
    send_back = Step(
        _("退回继续劝返"), "closing", "visited", OFFICER, "county", needs_note=True, optional=True,
    )  # fmt: skip
    dismiss = Step(
        _("不属失学，撤销预警"), FOLLOWED, "dismissed", OFFICER, "county", not_by=("raise_alert",), needs_note=True,
        optional=True, only_moves=True,
    )  # fmt: skip
