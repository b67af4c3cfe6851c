"""The registers of what the checks found, and of the letters of notice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.choices import Certainty, Severity
from xianxue.decisions.models import Finding, NoticeLetter
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.procedures.letters import SendLetter
from xianxue.decisions.rules.manual import PARAMETERS
from xianxue.decisions.rules.outcomes import all_checks
from xianxue.decisions.selectors.ledgers import schools_in_reach
from xianxue.kernel.columns import Column, Date, Text
from xianxue.kernel.procedures import Procedure
from xianxue.kernel.resources import Custom, Fields, Filter, History, Register, choice, register
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Link, Pill

UNIT = Column("unit", _("学校"), Text(60), path="unit__name")
WORDS: Mapping[str, Any] = {
    "roster": _("应到"), "present": _("实到"), "needed": _("至少"), "yes": _("赞成"), "no": _("反对"), "abstain": _("弃权"),
    "amount_fen": _("金额（分）"), "threshold_fen": _("限额（分）"), "persons": _("人员编号"), "days": _("天数"),
    "noticed_at": _("通知时间"), "added_at": _("列入时间"), "filed_on": _("备案日期"), "adopted_on": _("审议通过日期"),
    "rule": _("规则"), "total_fen": _("合计（分）"), "started_on": _("开始日期"), "ended_on": _("结束日期"),
}  # fmt: skip
"""What the checks call their inputs, in words; others are shown by their names."""
SCHOOL = choice("unit", _("学校"), "unit_id", schools_in_reach)


def _options(given: Any) -> Any:
    return lambda: [(str(value), str(label)) for value, label in given.choices]


def _checks() -> Iterable[tuple[str, str]]:
    return [(check.code, f"{check.code} {check.label}") for check in all_checks()]


def _states(procedure: type[Procedure]) -> Any:
    return lambda: [("open", str(_("未了结"))), *((state.code, str(state.label)) for state in procedure.states)]


def _in_state(value: str) -> Q:
    return Q(matter__finished_on__isnull=True) if value == "open" else Q(matter__state=value)


def _pill(matter: Any) -> Pill:
    return Pill(str(matter.current.label), matter.current.tone or "quiet")


def _standing(row: Any) -> details.Panel:
    """Where the matter stands, and the way to its page."""
    matter = row.matter
    link = Link(_t("打开办理页面"), reverse("matter", args=(matter.pk,)))
    return details.FactsPanel(_t("办理"), link=link, facts=[details.Fact(_t("状态"), pill=_pill(matter))])


def _about(row: Finding) -> details.Panel:
    """Where the finding stands, and the proposal that it is about."""
    standing: Any = _standing(row)
    facts = list(standing.facts)
    if row.proposal is not None:
        facts.append(details.Fact(_t("议题"), row.proposal.title, reverse("proposals-detail", args=(row.proposal.pk,))))
    return details.FactsPanel(standing.title, link=standing.link, facts=facts)


def _seen(row: Finding) -> details.Panel | None:
    """By which rule, with which numbers, and what the check saw."""
    numbers = [f"{PARAMETERS.get((row.check_code, name), name)} = {value}" for name, value in row.parameters.items()]
    facts = [
        details.Fact(_t("规则版本"), row.rule_set.version),
        details.Fact(_t("依据"), str(_basis(row.check_code)), is_wide=True),
        details.Fact(_t("参数"), "；".join(numbers), is_wide=True),
        details.Fact(_t("检查依据的数据"), "；".join(_told(row.inputs)), is_wide=True),
    ]
    return details.FactsPanel(_t("规则和数据"), facts=[fact for fact in facts if fact.text])


def _told(inputs: Mapping[str, Any]) -> Iterator[str]:
    """What the check saw, one after the other; a fraction as it is written."""
    for name, value in inputs.items():
        if isinstance(value, dict) and {"num", "den"} <= value.keys():
            yield f"{WORDS.get(name, name)} = {value['num']}/{value['den']}"
        elif isinstance(value, dict):
            yield from _told(value)
        else:
            shown = "、".join(str(one) for one in value) if isinstance(value, list) else value
            yield f"{WORDS.get(name, name)} = {shown}"


def _basis(code: str) -> Any:
    return next((check.basis for check in all_checks() if check.code == code), "")


@register
class FindingRegister(Register):
    """What the checks found, by check, school, gravity and state."""

    code, model, label, counter = "findings", Finding, _("发现的问题"), _("个")
    system, menu_order = "decisions", 20
    columns = (
        Column("check_code", _("检查项"), Text(4)),
        Column("reason", _("问题"), Text(300)),
        UNIT,
        Column("proposal", _("议题编号"), Text(20), path="proposal__number"),
        Column("severity_name", _("严重程度"), Text(10)),
        Column("certainty_name", _("确定程度"), Text(10)),
        Column("state_name", _("状态"), Text(20)),
        Column("found_on", _("发现日期"), Date()),
        Column("gone_on", _("不再存在日期"), Date()),
    )
    list_columns = (
        "reason",
        "check_code",
        "unit",
        "proposal",
        "severity_name",
        "certainty_name",
        "state_name",
        "found_on",
    )
    search, search_label = ("reason", "proposal__number"), _("问题、议题编号")
    filters: ClassVar[Any] = (
        Filter("check", _("检查项"), lambda value: Q(check_code=value), _checks),
        choice("severity", _("严重程度"), "severity", _options(Severity)),
        Filter("state", _("状态"), _in_state, _states(FollowFinding)),
        SCHOOL,
        choice("certainty", _("确定程度"), "certainty", _options(Certainty), is_main=False),
        "found_on",
    )
    annotations = ("severity_name", "certainty_name", "state_name")
    sort_paths: ClassVar[Any] = {
        "severity_name": ("severity",),
        "certainty_name": ("certainty",),
        "state_name": ("matter__state",),
    }
    order = ("-severity", "-found_on", "-pk")
    view, unit_paths, subject_type, creates = READS, ("unit_id",), "decisions.finding", False
    panels = (Fields(), Custom(build=_seen), History(), Custom(build=_about, aside=True))

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("matter", "unit", "proposal", "rule_set")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for gravity, certainty and state."""
        for row in rows:
            row.severity_name, row.certainty_name = row.get_severity_display(), row.get_certainty_display()
            row.state_name = str(row.matter.current.label)

    def title(self, row: Finding) -> str:
        return row.matter_title()

    def note(self, row: Finding) -> str:
        return row.unit.name

    def hint(self, row: Finding) -> str:
        return row.unit.shown_name


def _points(row: NoticeLetter) -> details.Panel:
    """The findings that the letter lists, each with the way to it."""
    found = row.findings.select_related("matter").order_by("-severity", "check_code", "pk")
    facts = [
        details.Fact(one.check_code, one.reason, reverse("findings-detail", args=(one.pk,)), is_wide=True,
                     pill=_pill(one.matter))
        for one in found
    ]  # fmt: skip
    said = [
        details.Fact(_t("工作要求"), row.demand, is_wide=True),
        details.Fact(_t("学校回复"), row.reply, is_wide=True),
    ]
    return details.FactsPanel(_t("内容"), facts=[*facts, *(fact for fact in said if fact.text)])


def _letter(row: NoticeLetter) -> details.Panel:
    standing: Any = _standing(row)
    paper = details.Fact(_t("提示函文件"), _t("下载公文"), reverse("decisions-letter", args=(row.pk,)))
    return details.FactsPanel(standing.title, link=standing.link, facts=[*standing.facts, paper])


@register
class LetterRegister(Register):
    """Letters of notice and whether they were answered."""

    code, model, label, counter = "notice-letters", NoticeLetter, _("提示函"), _("封")
    system, menu_order = "decisions", 22
    columns = (
        Column("number", _("函号"), Text(30)),
        UNIT,
        Column("state_name", _("状态"), Text(20)),
        Column("issued_on", _("发函日期"), Date()),
        Column("reply_due_on", _("回复期限"), Date()),
        Column("replied_on", _("回复日期"), Date()),
    )
    search, search_label = ("number",), _("函号")
    filters: ClassVar[Any] = (
        Filter("state", _("状态"), _in_state, _states(SendLetter)),
        SCHOOL,
        "issued_on",
        "reply_due_on",
    )
    annotations = ("state_name",)
    sort_paths: ClassVar[Any] = {"state_name": ("matter__state",)}
    order = ("-issued_on", "-pk")
    view, unit_paths, subject_type, creates = READS, ("unit_id",), "decisions.noticeletter", False
    panels = (Fields(), Custom(build=_points), History(), Custom(build=_letter, aside=True))

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("matter", "unit")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for the state."""
        for row in rows:
            row.state_name = str(row.matter.current.label)

    def title(self, row: NoticeLetter) -> str:
        return row.matter_title()

    def note(self, row: NoticeLetter) -> str:
        return row.unit.name

    def hint(self, row: NoticeLetter) -> str:
        return row.unit.shown_name
