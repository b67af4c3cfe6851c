"""The cockpit as data: five actions with their figures, what waits for whom, the schools, a few charts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from xianxue.insight import shown
from xianxue.insight.selectors import Freshness, Stated, figures_in_order, freshness, stated
from xianxue.insight.shown import BarList
from xianxue.kernel.indicators import attention, selectors
from xianxue.kernel.indicators.attention import Matter
from xianxue.kernel.ui.addresses import address
from xianxue.kernel.ui.charts import Chart, ChartTone, Series
from xianxue.kernel.ui.figures import Figure, HeatCell, HeatLegend
from xianxue.kernel.ui.parts import Link, Pill, Tone
from xianxue.kernel.ui.systems import actions
from xianxue.organisations.choices import SCHOOL_KINDS
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import reference_day

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
RANK: dict[str, int] = {"late": 0, "due": 1, "now": 2}


@dataclass(frozen=True)
class Group:
    """One of the five actions: its figures on record, and the names of those that are not."""

    label: str
    figures: Sequence[Figure]
    gaps: Sequence[Link]


@dataclass(frozen=True)
class Waiting:
    """A matter as a line of the table."""

    matter: Matter
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
    cells: Sequence[HeatCell]
    legend: Sequence[HeatLegend]
    bars: Sequence[BarList]
    money: Chart | None
    fresh: Freshness
    as_of: date

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is on record for the reader."""
        return not self.basics and not any(group.figures for group in self.groups)


def as_of(year: int) -> date:
    """The day on which the matters of a year are looked at: the reference day, or the year's end once it is over."""
    return min(reference_day(), date(year, 12, 31))


def build(year: int, *, unit: Unit | None = None) -> Cockpit:
    """The cockpit of a year, from stored parts: a fixed number of queries, whatever the number of pupils."""
    pk = unit.pk if unit else None
    found = stated(year, unit=pk)
    day = as_of(year)
    matters = [one for one in attention.matters(day) if pk is None or one.unit_id == pk]
    schools = (
        []
        if unit
        else list(Unit.objects.filter(kind__in=SCHOOL_KINDS, closed_on__isnull=True).order_by("code", "path"))
    )
    cells, legend = heat(schools, matters, day)
    apart = _apart(found, pk)
    return Cockpit(
        year=year,
        unit=unit,
        basics=[shown.figure_of(found[code], year, unit=pk) for code in _basics(pk) if _counts(found, code)],
        groups=_groups(found, year, pk),
        waiting=[waiting(one, day) for one in matters],
        cells=cells,
        legend=legend,
        bars=bars(found, year, pk, apart),
        money=money(found, year, pk, apart),
        fresh=freshness(year),
        as_of=day,
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


def waiting(matter: Matter, day: date) -> Waiting:
    """A matter with how late it is, in words."""
    state = matter.state(day)
    if matter.due_on is None:
        return Waiting(matter, Pill(_("逾期") if state == "late" else _("待办"), state))
    days = (matter.due_on - day).days
    if days < 0:
        return Waiting(matter, Pill(_("逾期 %(days)s 天") % {"days": -days}, "late"))
    text = _("今日到期") if days == 0 else _("剩 %(days)s 天") % {"days": days}
    return Waiting(matter, Pill(text, state))


def heat(schools: Sequence[Unit], matters: Sequence[Matter], day: date) -> tuple[list[HeatCell], list[HeatLegend]]:
    """The schools, each in the state of its worst matter."""
    worst: dict[int, Matter] = {}
    for matter in matters:
        if matter.unit_id is None:
            continue
        known = worst.get(matter.unit_id)
        if known is None or RANK[matter.state(day)] < RANK[known.state(day)]:
            worst[matter.unit_id] = matter
    tones: dict[int, Tone] = {pk: matter.state(day) for pk, matter in worst.items()}
    nothing = _("没有待办事项")
    cells = [
        HeatCell(
            school.shown_name,
            address("cockpit-unit", school.pk),
            tones.get(school.pk, "done"),
            worst[school.pk].missing if school.pk in worst else nothing,
        )
        for school in schools
    ]
    names: tuple[tuple[str, Tone], ...] = (
        (_("正常"), "done"),
        (_("在办"), "now"),
        (_("将到期"), "due"),
        (_("逾期"), "late"),
    )
    counts = {tone: sum(1 for cell in cells if cell.tone == tone) for _name, tone in names}
    return cells, [HeatLegend(name, tone, counts[tone]) for name, tone in names if counts[tone]]


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
