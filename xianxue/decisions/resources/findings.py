"""The registers of what the checks found, and of the letters of notice."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.models import Finding, NoticeLetter
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.procedures.letters import SendLetter
from xianxue.decisions.rules.manual import PARAMETERS
from xianxue.kernel.checks import registers
from xianxue.kernel.checks.registers import (
    BY_CERTAINTY,
    BY_SEVERITY,
    CERTAINTY_NAME,
    CHECK,
    FOUND_ON,
    GONE_ON,
    REASON,
    SEVERITY_NAME,
    STATE_NAME,
    by_check,
    by_state,
    rules_panel,
    standing_panel,
    state_pill,
    words_of,
)
from xianxue.kernel.columns import Column, Date, Text
from xianxue.kernel.resources import Custom, Fields, History, Register, choice, register
from xianxue.kernel.ui import details
from xianxue.ledgers.selectors import schools_in_reach

UNIT = Column("unit", _("学校"), Text(60), path="unit__name")
WORDS: Mapping[str, Any] = {
    "roster": _("应到"), "present": _("实到"), "needed": _("至少"), "yes": _("赞成"), "no": _("反对"), "abstain": _("弃权"),
    "amount_fen": _("金额（分）"), "threshold_fen": _("限额（分）"), "persons": _("人员编号"), "days": _("天数"),
    "noticed_at": _("通知时间"), "added_at": _("列入时间"), "filed_on": _("备案日期"), "adopted_on": _("审议通过日期"),
    "rule": _("规则"), "total_fen": _("合计（分）"), "started_on": _("开始日期"), "ended_on": _("结束日期"),
    "lacking": _("所缺内容"), "late": _("晚录的工作日"), "changed": _("锁定以后改动"), "heard": _("教代会讨论过"),
    "shares_vote": _("合并表决"), "materials_at": _("材料送达时间"),
}  # fmt: skip
"""What the checks call their inputs, in words; others are shown by their names."""
SCHOOL = choice("unit", _("学校"), "unit_id", schools_in_reach)


def _about(row: Finding) -> details.Panel:
    """Where the finding stands, and the proposal that it is about."""
    if row.proposal is None:
        return standing_panel(row)
    address = reverse("proposals-detail", args=(row.proposal.pk,))
    return standing_panel(row, details.Fact(_t("议题"), row.proposal.title, address))


def _seen(row: Finding) -> details.Panel:
    """By which rule, with which numbers, and what the check saw."""
    return rules_panel(row, row.rule_set.version, inputs=WORDS, parameters=PARAMETERS)


@register
class FindingRegister(registers.FindingRegister):
    """What the checks found, by check, school, gravity and state."""

    code, model, label, suite = "findings", Finding, _("发现的问题"), "decisions"
    system, menu_order = "decisions", 20
    columns = (
        CHECK,
        REASON,
        UNIT,
        Column("proposal", _("议题编号"), Text(20), path="proposal__number"),
        SEVERITY_NAME,
        CERTAINTY_NAME,
        STATE_NAME,
        FOUND_ON,
        GONE_ON,
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
        by_check("decisions"),
        BY_SEVERITY,
        by_state(FollowFinding),
        SCHOOL,
        BY_CERTAINTY,
        "found_on",
    )
    annotations = ("severity_name", "certainty_name", "state_name")
    view, subject_type, input_words = READS, "decisions.finding", WORDS
    panels = (Fields(), Custom(build=_seen), History(), Custom(build=_about, aside=True))

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("matter", "unit", "proposal", "rule_set")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for gravity, certainty and state; the school is joined."""
        words_of(rows)

    def note(self, row: Finding) -> str:
        return row.unit.name

    def hint(self, row: Finding) -> str:
        return row.unit.shown_name


def _points(row: NoticeLetter) -> details.Panel:
    """The findings that the letter lists, each with the way to it."""
    found = row.findings.select_related("matter").order_by("-severity", "check_code", "pk")
    facts = [
        details.Fact(one.check_code, one.reason, reverse("findings-detail", args=(one.pk,)), is_wide=True,
                     pill=state_pill(one.matter))
        for one in found
    ]  # fmt: skip
    said = [
        details.Fact(_t("工作要求"), row.demand, is_wide=True),
        details.Fact(_t("学校回复"), row.reply, is_wide=True),
    ]
    return details.FactsPanel(_t("内容"), facts=[*facts, *(fact for fact in said if fact.text)])


def _letter(row: NoticeLetter) -> details.Panel:
    paper = details.Fact(_t("提示函文件"), _t("下载公文"), reverse("decisions-letter", args=(row.pk,)))
    return standing_panel(row, paper)


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
        by_state(SendLetter),
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
