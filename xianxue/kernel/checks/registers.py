"""The register of what the checks of one app found: an app derives its own, and says who reads it and in which words."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.declaration import Suite, all_suites, get
from xianxue.kernel.checks.models import AbstractFinding, SubjectFinding
from xianxue.kernel.columns import Column, Date, Text
from xianxue.kernel.procedures import Procedure
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.resources import Custom, Fields, Filter, History, Register, choice
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Link, Pill

CHECK = Column("check_code", _("检查项"), Text(4))
REASON = Column("reason", _("问题"), Text(300))
SEVERITY_NAME = Column("severity_name", _("严重程度"), Text(10))
CERTAINTY_NAME = Column("certainty_name", _("确定程度"), Text(10))
STATE_NAME = Column("state_name", _("状态"), Text(20))
FOUND_ON = Column("found_on", _("发现日期"), Date())
GONE_ON = Column("gone_on", _("不再存在日期"), Date())


@dataclass(frozen=True)
class _Kept(Text):
    """What the log keeps by a code, in words."""

    words: Callable[[str], str] = str

    def shown(self, text: str) -> str:
        return self.words(text)


def _options(choices: Any) -> Any:
    return lambda: [(str(value), str(label)) for value, label in choices.choices]


BY_SEVERITY = choice("severity", _("严重程度"), "severity", _options(Severity))
BY_CERTAINTY = choice("certainty", _("确定程度"), "certainty", _options(Certainty), is_main=False)


def by_check(suite: str) -> Filter:
    """The filter by the checks of a suite."""
    return Filter(
        "check",
        _("检查项"),
        lambda value: Q(check_code=value),
        lambda: [(check.code, f"{check.code} {check.label}") for check in get(suite).checks],
    )


def by_state(procedure: type[Procedure]) -> Filter:
    """The filter by the states of a procedure, and by what is not settled."""
    return Filter(
        "state",
        _("状态"),
        lambda value: Q(matter__finished_on__isnull=True) if value == "open" else Q(matter__state=value),
        lambda: [("open", str(_("未了结"))), *((state.code, str(state.label)) for state in procedure.states)],
    )


def state_pill(matter: Any) -> Pill:
    """The state of a matter as a page shows it."""
    return Pill(str(matter.current.label), matter.current.tone or "quiet")


def standing_panel(row: Any, *more: details.Fact) -> details.Panel:
    """Where the matter stands, and the way to its page."""
    link = Link(_t("打开办理页面"), reverse("matter", args=(row.matter.pk,)))
    facts = [details.Fact(_t("状态"), pill=state_pill(row.matter)), *more]
    return details.FactsPanel(_t("办理"), link=link, facts=facts)


def words_of(findings: Sequence[Any]) -> None:
    """Set the words for gravity, certainty and state."""
    for row in findings:
        row.severity_name, row.certainty_name = row.get_severity_display(), row.get_certainty_display()
        row.state_name = str(row.matter.current.label)


def rules_panel(
    row: AbstractFinding,
    version: str,
    *,
    inputs: Mapping[str, Any] | None = None,
    parameters: Mapping[tuple[str, str], Any] | None = None,
) -> details.FactsPanel:
    """By which rule, with which numbers, and what the check saw.

    `inputs`, `parameters`: what the checks call their inputs, and the numbers of the rules (check, name), in words;
    others are shown by their names.
    """
    names = parameters or {}
    numbers = [f"{names.get((row.check_code, name), name)} = {value}" for name, value in row.parameters.items()]
    facts = [
        details.Fact(_t("规则版本"), version),
        details.Fact(_t("依据"), _basis(row), is_wide=True),
        details.Fact(_t("参数"), "；".join(numbers), is_wide=True),
        details.Fact(_t("检查依据的数据"), "；".join(_in_words(row.inputs, inputs or {})), is_wide=True),
        details.Fact(_t("以前的认定"), row.earlier_words(), is_wide=True),
    ]
    return details.FactsPanel(_t("规则和数据"), facts=[fact for fact in facts if fact.text])


def _in_words(inputs: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[str]:
    """What the check saw, one after the other; a fraction as it is written."""
    for name, value in inputs.items():
        if isinstance(value, dict) and {"num", "den"} <= value.keys():
            yield f"{words.get(name, name)} = {value['num']}/{value['den']}"
        elif isinstance(value, dict):
            yield from _in_words(value, words)
        else:
            shown = "、".join(str(one) for one in value) if isinstance(value, list) else value
            yield f"{words.get(name, name)} = {shown}"


def _basis(row: AbstractFinding) -> str:
    """The basis of the check; empty where this version has no such check any more."""
    suite = next((suite for suite in all_suites() if isinstance(row, suite.finding) and suite.holds(row)), None)
    return next((str(check.basis) for check in suite.checks if check.code == row.check_code), "") if suite else ""


class FindingRegister(Register):
    """What the checks of a suite found. Say `code`, `label`, `system`, `view`, `suite`, and `filters` with `by_check(…)`."""

    suite: ClassVar[str] = ""
    input_words: ClassVar[Mapping[str, Any]] = {}
    """What the checks call their inputs, in words; others are shown by their names."""
    model: ClassVar[type[Model]] = SubjectFinding
    counter = _("个")
    columns: ClassVar[tuple[Column, ...]] = (
        CHECK, REASON, Column("unit_name", _("单位"), Text(60)), SEVERITY_NAME, CERTAINTY_NAME, STATE_NAME, FOUND_ON,
        GONE_ON,
    )  # fmt: skip
    search, search_label = ("reason", "key"), _("问题")
    annotations: ClassVar[tuple[str, ...]] = ("severity_name", "certainty_name", "state_name", "unit_name")
    sort_paths: ClassVar[Any] = {
        "severity_name": ("severity",),
        "certainty_name": ("certainty",),
        "state_name": ("matter__state",),
    }
    order = ("-severity", "-found_on", "-pk")
    unit_paths, creates = ("unit_id",), False
    panels = (
        Fields(),
        Custom(build=lambda row: rules_panel(row, row.version)),
        History(),
        Custom(build=standing_panel, aside=True),
    )

    @property
    def declared(self) -> Suite:
        """The suite whose findings they are."""
        return get(self.suite)

    @cached_property
    def history_columns(self) -> dict[str, Column]:
        """Besides, what the log keeps of a finding and no list shows."""
        kept = (
            Column("severity", _("严重程度"), _Kept(words=lambda text: str(Severity(int(text)).label))),
            Column("certainty", _("确定程度"), _Kept(words=lambda text: str(Certainty(text).label))),
            Column("inputs", _("检查依据的数据"), _Kept(words=self._inputs_in_words)),
            Column("earlier", _("以前的认定"), _Kept(words=lambda text: _t("编号 %(key)s") % {"key": text})),
        )
        return {**super().history_columns, **{column.name: column for column in kept}}

    def _inputs_in_words(self, text: str) -> str:
        return "；".join(_in_words(json.loads(text), self.input_words))

    def rows(self, on: date | None = None) -> "QuerySet[Any]":
        """Those of the suite."""
        return super().rows(on).filter(**self.declared.finding.of_suite(self.suite))

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("matter")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for gravity, certainty, state and unit."""
        words_of(rows)
        units = unit_names([row.unit_id for row in rows])
        for row in rows:
            row.unit_name = units.get(row.unit_id, "")

    def title(self, row: AbstractFinding) -> str:
        return row.matter_title()
