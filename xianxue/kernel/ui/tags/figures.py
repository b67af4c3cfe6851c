"""Figures: one value, its comparison, a grid of schools, a chart."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.ui import charts, formats
from xianxue.kernel.ui import figures as shapes
from xianxue.kernel.ui.components import component
from xianxue.kernel.ui.figures import Delta, HeatCell, HeatLegend, Number
from xianxue.kernel.ui.parts import Pill, Tone

from .library import register


@component(register)
def figure(  # noqa: PLR0913  # a figure has this many sides
    item: shapes.Figure | None = None,
    *,
    label: str = "",
    value: Number | str | None = None,
    unit: str = "",
    href: str = "",
    status: str | Pill = "",
    tone: Tone = "quiet",
    delta: Delta | None = None,
    note: str = "",
) -> dict[str, Any]:
    """One figure, from a `Figure` or from attributes; no value is 尚无记录."""
    if item is None:
        pill = status if isinstance(status, Pill) else (Pill(status, tone) if status else None)
        item = shapes.Figure(label, value, unit, href, pill, delta, note)
    shown = item.value
    text = "" if shown is None else (shown if isinstance(shown, str) else formats.grouped(shown))
    return {"item": item, "text": text}


@component(register)
def delta(item: Delta) -> dict[str, Any]:
    """More or less than the year before, in words and with a sign; the colour says better or worse."""
    if item.now is None or item.before is None:
        return {"text": _("无上年数据"), "tone": "quiet", "title": ""}
    difference = _difference(item)
    size = formats.grouped(abs(difference), item.places)
    tone: Tone = "quiet"
    if difference and item.better:
        tone = "done" if (difference > 0) == (item.better == "up") else "due"
    word = _("持平") if not difference else (_("增") if difference > 0 else _("减"))
    text = word if not difference else f"{word} {size}{item.unit and ' ' + item.unit}"
    before = formats.grouped(item.before, item.places)
    title = _("%(period)s：%(value)s") % {"period": item.period or _("上年"), "value": f"{before} {item.unit}".strip()}
    return {"text": text, "tone": tone, "title": title}


@component(register)
def heat(
    cells: Sequence[HeatCell],
    *,
    legend: Sequence[HeatLegend] = (),
    label: str = "",
) -> dict[str, Any]:
    """A grid of schools, each in the colour of its state; the state is also said in words."""
    return {"cells": cells, "legend": legend, "label": label}


@component(register)
def chart(item: charts.Chart, *, caption: str = "") -> dict[str, Any]:
    """A chart with the table that says the same."""
    rows = [
        (name, ["" if v is None else formats.grouped(v, item.places) for v in values]) for name, values in item.table
    ]
    return {"chart": item, "rows": rows, "caption": caption}


def _difference(item: Delta) -> float | int:
    now, before = item.now or 0, item.before or 0
    return round(float(now) - float(before), item.places)
