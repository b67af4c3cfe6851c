"""The page of all schools as data: sums, one line a school, one line a rule, the months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.decisions.rules.outcomes import all_checks
from xianxue.decisions.selectors.overview import SEVERITIES, Overview, RuleLine, SchoolLine
from xianxue.kernel.checks.choices import Severity
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.charts import Chart, Series
from xianxue.kernel.ui.figures import Figure
from xianxue.kernel.ui.parts import Link, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView

TONES: dict[int, Tone] = {Severity.GRAVE: "late", Severity.SERIOUS: "due", Severity.NOTE: "quiet"}


@dataclass(frozen=True)
class OverviewPage:
    """What the page draws."""

    title: str
    sub: str
    figures: Sequence[Figure]
    schools: TableView
    rules: TableView
    trend: Chart
    before: Link
    """The year before."""


def page(found: Overview) -> OverviewPage:
    """The page of one year."""
    return OverviewPage(
        title=str(_("三重一大监督")),
        sub=_("%(year)s 年，%(count)s 所公办学校") % {"year": found.year, "count": len(found.schools)},
        figures=list(_figures(found)),
        schools=_schools(found),
        rules=_rules(found.rules),
        trend=_trend(found),
        before=Link(
            _("%(year)s 年") % {"year": found.year - 1}, f"{reverse('decisions-overview')}?year={found.year - 1}"
        ),
    )


def phase_names() -> dict[str, str]:
    """What each phase is called, in the order of a matter's life."""
    return {"before": _("会前"), "after": _("会后办理"), "archived": _("已归档"), "ended": _("未通过、撤回")}


def _figures(found: Overview) -> Iterator[Figure]:
    phases, findings = found.phases, found.open_findings
    yield Figure(_("申报议题"), phases.total(), _("个"))
    for code, label in phase_names().items():
        yield Figure(label, phases[code], _("个"))
    grave = findings[Severity.GRAVE]
    status = Pill(_("其中严重 %(count)s 个") % {"count": grave}, "late") if grave else None
    yield Figure(_("未了结的问题"), findings.total(), _("个"), status=status)
    silent = sum(line.is_silent for line in found.schools)
    yield Figure(_("零报告学校"), silent, _("所"), note=_("有支出而没有议题"))


def _schools(found: Overview) -> TableView:
    names = phase_names()
    columns = [
        HeadCell("school", _("学校")),
        HeadCell("proposals", _("议题"), numeric=True),
        *(HeadCell(code, label, numeric=True) for code, label in names.items()),
        *(HeadCell(f"s{level}", str(Severity(level).label)) for level in SEVERITIES),
        HeadCell("last", _("最近申报")),
    ]
    rows = [_school(line, tuple(names)) for line in found.schools]
    return TableView(columns, rows, len(rows), label=_("各校"), empty_title=_("没有可以查看的公办学校"))


def _school(line: SchoolLine, phases: Sequence[str]) -> Row:
    proposals = f"{reverse('proposals-list')}?{urlencode({'unit': line.pk})}"
    findings = f"{reverse('findings-list')}?{urlencode({'unit': line.pk})}"
    last = Cell(formats.china_date(line.last_on), "date")
    if line.proposals == 0:
        last = Cell(
            _("零报告") if line.is_silent else _("没有申报"), "pill", tone="late" if line.is_silent else "quiet"
        )
    cells = [
        Cell(line.name),
        Cell(_number(line.proposals), "number", href=proposals if line.proposals else ""),
        *(Cell(_number(line.phases[code]), "number") for code in phases),
        *(_severity(line.open_findings[level], level, findings) for level in SEVERITIES),
        last,
    ]
    return Row(cells, pk=str(line.pk))


def _severity(count: int, level: int, href: str) -> Cell:
    if not count:
        return Cell()
    if level == Severity.NOTE:
        return Cell(str(count), href=href)
    return Cell(str(count), "pill", tone=TONES[level], href=f"{href}&{urlencode({'severity': level})}")


def _number(count: int) -> str:
    return formats.grouped(count) if count else ""


def _rules(lines: Sequence[RuleLine]) -> TableView:
    labels = {check.code: str(check.label) for check in all_checks()}
    heads = (
        ("rule", _("检查项"), False), ("found", _("发现"), True), ("schools", _("涉及学校"), True), ("open", _("未了结"), True),
        ("confirmed", _("已认定"), True), ("dismissed", _("已排除"), True), ("noise", _("排除率"), True),
    )  # fmt: skip
    return TableView(
        [HeadCell(name, label, numeric=numeric) for name, label, numeric in heads],
        [_rule(line, labels) for line in lines],
        len(lines),
        label=_("各检查项"),
        empty_title=_("没有发现问题"),
    )


def _rule(line: RuleLine, labels: dict[str, str]) -> Row:
    href = f"{reverse('findings-list')}?{urlencode({'check': line.code})}"
    numbers = (line.found, line.schools, line.open, line.confirmed, line.dismissed)
    noise = f"{line.noise}%" if line.noise is not None else ""
    cells = [Cell(f"{line.code} {labels.get(line.code, '')}"), *(Cell(_number(count), "number") for count in numbers)]
    return Row([*cells, Cell(noise, "number")], href=href)


def _trend(found: Overview) -> Chart:
    months = range(1, 13)
    return Chart(
        _("每月申报和发现"),
        "bar",
        [_("%(month)s 月") % {"month": month} for month in months],
        [
            Series(_("申报议题"), [found.proposed_by_month.get(month, 0) for month in months]),
            Series(_("发现的问题"), [found.found_by_month.get(month, 0) for month in months], "late"),
        ],
        unit=_("个"),
    )
