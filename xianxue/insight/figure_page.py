"""The page of one figure as data: what it means, its value, by school, over time, where it comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.insight import shown
from xianxue.insight.catalogue import Figure as Published
from xianxue.insight.rows import Lines
from xianxue.insight.selectors import Stated
from xianxue.insight.shown import BarList
from xianxue.kernel import indicators
from xianxue.kernel.indicators import Indicator, Period, selectors
from xianxue.kernel.indicators.lineage import lineage
from xianxue.kernel.indicators.models import DefinitionVersion
from xianxue.kernel.indicators.selectors import Point, Value
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.charts import Chart, Series
from xianxue.kernel.ui.details import Fact, TablePanel
from xianxue.kernel.ui.systems import groups, systems
from xianxue.kernel.ui.tables import Cell, HeadCell, Row
from xianxue.organisations.models import Unit


@dataclass(frozen=True)
class Asked:
    """A figure in one period, for one unit or everything in reach."""

    item: Indicator
    period: Period
    published: Published | None
    unit: Unit | None = None

    @property
    def unit_id(self) -> int | None:
        """Primary key of the unit."""
        return self.unit.pk if self.unit else None

    def address(self, name: str, *extra: Any, unit: int | None = None) -> str:
        """Address of a page of this figure in this period."""
        tail = f"&unit={unit}" if unit is not None else ""
        return f"{reverse(name, args=(self.item.code, *extra))}?period={self.period.key}{tail}"


def stated(asked: Asked) -> Stated:
    """The figure with its value and that of the year before. Four queries."""
    code, published = asked.item.code, asked.published
    beside = indicators.find(asked.item.beside) if asked.item.beside else None
    return Stated(
        label=published.label if published else str(asked.item.label),
        unit=str(asked.item.unit),
        value=selectors.value(code, asked.period, unit=asked.unit_id),
        figure=published,
        item=asked.item,
        period=asked.period,
        before=selectors.before(code, asked.period, unit=asked.unit_id),
        beside=_beside(beside, asked) if beside else None,
    )


def _beside(item: Indicator, asked: Asked) -> Stated:
    value = selectors.value(item.code, asked.period, unit=asked.unit_id)
    return Stated(str(item.label), str(item.unit), value, item=item, period=asked.period)


def meaning(asked: Asked) -> list[Fact]:
    """Definition, source, owner, period, unit, rule: what must be known to read the number."""
    item = asked.item
    system = systems().get(item.system)
    facts = [
        Fact(_("统计口径"), str(item.definition), is_wide=True),
        Fact(_("来源"), str(item.source), is_wide=True),
        Fact(_("统计期"), _period_words(asked.period)),
        Fact(_("单位"), str(item.unit)),
    ]
    if system:
        facts.append(Fact(_("业务"), " · ".join(filter(None, (groups().get(system.action), system.label)))))
    if item.threshold is not None:
        facts.append(Fact(_("标准"), f"{item.operator} {item.threshold} {item.unit}"))
    if not item.additive:
        facts.append(Fact(_("合计"), _("按不同的人计数，各校之和不等于全县")))
    facts.append(Fact(_("口径版本"), _version(item)))
    facts.append(Fact(_("指标代码"), item.code))
    return facts


def _period_words(period: Period) -> str:
    first, last = (formats.china_date(day, year="always") for day in (period.start, period.end))
    if period.kind == indicators.periods.YEAR:
        return f"{period.label}（{first}至{last}）"
    counted = formats.china_date(period.day, year="always")
    return _("%(label)s（统计日 %(day)s）") % {"label": period.label, "day": counted}


def completeness(value: Value) -> str:
    """“48 / 60 个单位有记录”, or nothing where nobody is expected to report."""
    if value.expected is None:
        return ""
    return _("%(some)s / %(all)s 个单位有记录") % {"some": value.reporting, "all": value.expected}


def sources(asked: Asked) -> list[Fact]:
    """Tables and fields that the figure reads, out of its query."""
    found = lineage(asked.item.build(asked.period))
    return [Fact(source.label, "、".join(source.fields), title=source.table) for source in found]


def parts(asked: Asked) -> list[Fact]:
    """Numerator and denominator of a ratio, as stored."""
    value = selectors.value(asked.item.code, asked.period, unit=asked.unit_id)
    if value.denominator is None or value.numerator is None:
        return []
    return [
        Fact(_("分子"), formats.grouped(value.numerator)),
        Fact(_("分母"), formats.grouped(value.denominator), href=f"{asked.address('figure-rows')}&of=per"),
    ]


def versions(asked: Asked) -> list[Fact]:
    """What the figure meant over time, newest first; nothing while it has always meant the same."""
    found = selectors.definitions(asked.item.code)
    if len(found) < 2:
        return []
    return [
        Fact(_("第 %(version)s 版，%(day)s起") % {"version": row.version, "day": _first_used(row)}, row.definition)
        for row in found
    ]


def _first_used(row: DefinitionVersion) -> str:
    return formats.china_date(formats.in_china(row.first_used_at).date(), year="always")


def _version(item: Indicator) -> str:
    used = next((row for row in selectors.definitions(item.code) if row.version == item.version), None)
    text = _("第 %(version)s 版") % {"version": item.version}
    return _("%(version)s，%(day)s起用") % {"version": text, "day": _first_used(used)} if used else text


def trend(asked: Asked) -> Chart | None:
    """The figure over the periods computed, a gap where nothing is on record; None for fewer than two."""
    points = _trimmed(selectors.trend(asked.item.code, asked.period.part, unit=asked.unit_id))
    recorded = [point for point in points if point.value.number is not None]
    if len(recorded) < 2:
        return None
    divisor, word = shown.scale_of(str(asked.item.unit), recorded[-1].value.number)
    numbers = [None if one.value.number is None else float(one.value.number) / divisor for one in points]
    pages = [f"{reverse('figure', args=(asked.item.code,))}?period={point.period}" for point in points]
    return Chart(
        _("历年变化"),
        "bar",
        [point.label for point in points],
        [Series(str(asked.item.label), numbers)],
        unit=word,
        hrefs=pages,
        places=asked.item.places,
        height=220,
    )


def _trimmed(points: list[Point]) -> list[Point]:
    """From the first period on record to the last; gaps between stay."""
    recorded = [place for place, point in enumerate(points) if point.value.number is not None]
    return points[recorded[0] : recorded[-1] + 1] if recorded else []


def slices(asked: Asked) -> BarList | None:
    """The figure apart by its slices; None where it has none."""
    found = selectors.slices(asked.item.code, asked.period, unit=asked.unit_id)
    parts = [(label, value.number) for label, value in found]
    return shown.bar_list(_("分项"), parts, str(asked.item.unit)) if len(found) > 1 else None


def schools(asked: Asked) -> TablePanel | None:
    """The figure by unit, in the order of the tree: those on record, and those expected that have none."""
    now = selectors.by_unit(asked.item.code, asked.period)
    earlier = indicators.previous(asked.period)
    before = selectors.by_unit(asked.item.code, earlier) if earlier else {}
    expected = asked.item.expects(asked.period) if asked.item.expects else set()
    units = list(Unit.objects.filter(pk__in={*now, *before, *expected}).order_by("code", "path"))
    if not units:
        return None
    label = _("%(label)s（%(unit)s）") % {"label": asked.item.label, "unit": asked.item.unit}
    return TablePanel(
        _("分单位"),
        note=_("点开单位看它的明细"),
        columns=[
            HeadCell("unit", _("单位")),
            HeadCell("value", label, numeric=True),
            HeadCell("before", _("上年同期"), numeric=True),
            HeadCell("rows", _("明细行数"), numeric=True),
        ],
        rows=list(_unit_rows(asked, units, now, before)),
    )


def _unit_rows(asked: Asked, units: Sequence[Unit], now: dict[int, Value], before: dict[int, Value]) -> Iterator[Row]:
    for unit in units:
        value, earlier = now.get(unit.pk, Value()), before.get(unit.pk, Value())
        text = shown.text_of(value.number, places=asked.item.places)
        yield Row(
            [
                Cell(unit.name),
                Cell(text or _("尚无记录"), "number"),
                Cell(shown.text_of(earlier.number, places=asked.item.places) or "", "number"),
                Cell(formats.grouped(value.rows) if value.rows else "", "number"),
            ],
            href=asked.address("figure-unit", unit.pk) if unit.pk in now else "",
            pk=str(unit.pk),
        )


def lines(asked: Asked, *, divided_by: bool = False) -> Lines:
    """The rows behind the figure."""
    return Lines(asked.item, asked.period, asked.unit_id, divided_by)
