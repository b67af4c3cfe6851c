"""The cockpit as data: five actions with their figures, what waits for whom, the schools, a few charts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.insight import shown
from xianxue.insight.selectors import Freshness, Stated, figures_in_order, freshness, stated
from xianxue.insight.shown import BarList
from xianxue.kernel.access import UnitScope, current_reach
from xianxue.kernel.indicators import selectors
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.limits import limit_pill
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.ui.addresses import address
from xianxue.kernel.ui.charts import Chart, ChartTone, Series
from xianxue.kernel.ui.figures import Figure, HeatCell, HeatLegend
from xianxue.kernel.ui.parts import Link, Pill, Tone
from xianxue.kernel.ui.systems import actions, systems
from xianxue.kernel.work import selectors as work
from xianxue.kernel.work.selectors import Item, Standing
from xianxue.organisations.choices import SCHOOL_KINDS
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import reference_day, schools_of_classes, units_below

BASICS = (
    "organisations.schools",
    "organisations.kindergartens",
    "people.pupils",
    "people.teachers",
    "people.classes",
    "people.large_classes",
    "people.pupils_per_teacher",
    "people.boarders",
)
COUNTED_SCHOOLS = "organisations."
# Which figures are drawn apart by their slices: (code, title).
CHARTS = (("people.pupils", _("学生分学段")), ("aid.amount", _("资助金额分项目")))
MONEY = ("projects.planned", "projects.received", "projects.paid")
Parts = list[tuple[str, shown.Number | None]]
WAITING_SHOWN = 6


@dataclass(frozen=True)
class Group:
    """One of the five actions: its figures on record, and the names of those that are not."""

    label: str
    figures: Sequence[Figure]
    gaps: Sequence[Link]


@dataclass(frozen=True)
class Waiting:
    """A thing that waits as a line of the table."""

    item: Item
    pill: Pill
    place: str = ""


@dataclass(frozen=True)
class Cockpit:
    """Everything on the page; `unit` is the school whose page it is, None for the county (or all in reach)."""

    year: int
    unit: Unit | None
    basics: Sequence[Figure]
    groups: Sequence[Group]
    waiting: Sequence[Waiting]
    waiting_total: int
    cells: Sequence[HeatCell]
    legend: Sequence[HeatLegend]
    in_sight: str
    bars: Sequence[BarList]
    money: Chart | None
    fresh: Freshness
    as_of: date

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is on record for the reader."""
        return not self.basics and not any(group.figures for group in self.groups)


def as_of(year: int) -> date:
    """The day on which the figures of a year are looked at: the reference day, or the year's end once it is over."""
    return min(reference_day(), date(year, 12, 31))


def build(year: int, *, unit: Unit | None = None) -> Cockpit:
    """The cockpit of a year, from stored parts: a fixed number of queries, whatever the number of pupils."""
    pk = unit.pk if unit else None
    found = stated(year, unit=pk)
    lines, total = waiting(pk)
    cells, legend = ([], []) if unit else heat()
    apart = _apart(found, pk)
    return Cockpit(
        year=year,
        unit=unit,
        basics=[shown.figure_of(found[code], year, unit=pk) for code in _basics(pk) if _counts(found, code)],
        groups=_groups(found, year, pk),
        waiting=lines,
        waiting_total=total,
        cells=cells,
        legend=legend,
        in_sight="、".join(systems()[key].label for key in work.systems_in_sight(current_reach())),
        bars=bars(found, year, pk, apart),
        money=money(found, year, pk, apart),
        fresh=freshness(year),
        as_of=as_of(year),
    )


def _basics(unit: int | None) -> Sequence[str]:
    return BASICS if unit is None else [code for code in BASICS if not code.startswith(COUNTED_SCHOOLS)]


def _counts(found: dict[str, Stated], code: str) -> bool:
    return code in found and found[code].is_recorded


def _groups(found: dict[str, Stated], year: int, unit: int | None) -> list[Group]:
    """The five actions for the county; for a school those of which it has figures: the others are not its own."""
    groups = [_group(action, label, found, year, unit) for action, label in actions().items()]
    return groups if unit is None else [replace(group, gaps=()) for group in groups if group.figures]


def _group(action: str, label: str, found: dict[str, Stated], year: int, unit: int | None) -> Group:
    rows = [item for item in figures_in_order(found) if item.figure and item.figure.action == action]
    return Group(
        label,
        [shown.figure_of(item, year, unit=unit) for item in rows if item.is_recorded],
        [Link(item.label, shown.href_of(item, year)) for item in rows if not item.is_recorded],
    )


def waiting(unit: int | None) -> tuple[list[Waiting], int]:
    """The most urgent of what waits now, of a school with its classes or of all in reach, and how much there is."""
    today, reach = timezone.localdate(), current_reach()
    asked = work.Asked(units=UnitScope(units_below([unit]))) if unit else work.EVERYTHING
    items = work.items(reach, today, "in_sight", asked, first=0, count=WAITING_SHOWN)
    total = sum(work.counts(reach, today, "in_sight", asked).kinds.values())
    names = unit_names([item.unit_id for item in items])
    late = LateDays(today, min((item.until for item in items if item.until), default=None))
    lines = [Waiting(item, limit_pill(item.until, late), names.get(item.unit_id or 0, "")) for item in items]
    return lines, total


def heat() -> tuple[list[HeatCell], list[HeatLegend]]:
    """The schools, each in the state of the worst of what waits there, as far as the reader sees it.

    Where the reader sees nothing of a school at all, it is grey: nothing known is not nothing to do.
    """
    reach, today = current_reach(), timezone.localdate()
    schools = list(Unit.objects.filter(kind__in=SCHOOL_KINDS, closed_on__isnull=True).order_by("code", "path"))
    standings, sight = _of_schools(work.standings(reach, today), schools), work.sight(reach)
    cells = [_cell(school, standings.get(school.pk), is_seen=school.pk in sight) for school in schools]
    names: tuple[tuple[str, Tone], ...] = (
        (_("正常"), "done"),
        (_("在办"), "now"),
        (_("将到期"), "due"),
        (_("逾期"), "late"),
        (_("看不到"), "quiet"),
    )
    counts = {tone: sum(1 for cell in cells if cell.tone == tone) for _name, tone in names}
    return cells, [HeatLegend(name, tone, counts[tone]) for name, tone in names if counts[tone]]


def _of_schools(standings: dict[int, Standing], schools: Sequence[Unit]) -> dict[int, Standing]:
    """What waits at a class counts for its school."""
    known = {school.pk for school in schools}
    others = [unit for unit in standings if unit not in known]
    rooms = schools_of_classes(others) if others else {}
    parts: dict[int, list[Standing]] = {pk: [standings[pk]] for pk in standings if pk in known}
    for room, school in rooms.items():
        parts.setdefault(school, []).append(standings[room])
    return {school: work.added(several) for school, several in parts.items()}


def _cell(school: Unit, standing: Standing | None, *, is_seen: bool) -> HeatCell:
    tone: Tone = standing.state if standing else "done" if is_seen else "quiet"
    note = _reasons(standing) if standing else _("没有待办事项") if is_seen else _("这所学校的事项您看不到")
    return HeatCell(school.shown_name, address("cockpit-unit", school.pk), tone, note)


def _reasons(standing: Standing) -> str:
    """The worst first, each system with how much."""
    texts = (
        (_("%(system)s逾期 %(count)s 件"), standing.late),
        (_("%(system)s将到期 %(count)s 件"), standing.due),
        (_("%(system)s在办 %(count)s 件"), standing.now),
    )
    return "；".join(
        text % {"system": systems()[key].label, "count": by_system[key]}
        for text, by_system in texts
        for key in sorted(by_system, key=lambda key: -by_system[key])
    )


def _apart(found: dict[str, Stated], unit: int | None) -> dict[str, Parts]:
    """The figures of the charts by their slices: one query for all."""
    codes = [*(code for code, _title in CHARTS), *MONEY]
    shown_ones = [found[code] for code in codes if _counts(found, code)]
    wanted = [(one.item, one.period) for one in shown_ones if one.item is not None and one.period is not None]
    sliced = selectors.slices_of(wanted, unit=unit)
    return {code: [(label, value.number) for label, value in parts] for code, parts in sliced.items()}


def bars(found: dict[str, Stated], year: int, unit: int | None, apart: dict[str, Parts]) -> list[BarList]:
    """Figures apart by their slices; only what is on record."""
    lists = [
        shown.bar_list(title, apart.get(code, []), found[code].unit, href=shown.href_of(found[code], year, unit))
        for code, title in CHARTS
        if _counts(found, code)
    ]
    return [one for one in lists if len(one.bars) > 1]


def money(found: dict[str, Stated], year: int, unit: int | None, apart: dict[str, Parts]) -> Chart | None:
    """The money of projects by source: planned, received, paid; None where any of the three is not on record."""
    if not all(_counts(found, code) for code in MONEY):
        return None
    rows = [(code, dict(apart.get(code, []))) for code in MONEY]
    sources = list(rows[0][1])
    tones: tuple[ChartTone, ...] = ("before", "main", "done")
    series = [
        Series(found[code].label.removeprefix(_("项目")), [_in_wan(parts.get(name)) for name in sources], tone)
        for (code, parts), tone in zip(rows, tones, strict=True)
    ]
    href = shown.href_of(found[MONEY[0]], year, unit)
    return Chart(_("项目资金分来源"), "bar", sources, series, unit=_("万元"), hrefs=[href] * len(sources), height=220)


def _in_wan(number: shown.Number | None) -> float | None:
    return None if number is None else float(number) / shown.WAN
