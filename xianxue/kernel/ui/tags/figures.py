"""Figures: one value, its comparison, a grid of schools, a chart."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xianxue.kernel.ui import charts, formats
from xianxue.kernel.ui import figures as shapes
from xianxue.kernel.ui.components import component, drawn
from xianxue.kernel.ui.figures import Delta, HeatCell, HeatLegend, Number
from xianxue.kernel.ui.markup import attribute, esc, safe
from xianxue.kernel.ui.parts import Pill, Tone

from .library import register
from .text import pill


@drawn(register)
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
) -> SafeString:
    """One figure, from a `Figure` or from attributes; no value is 尚无记录."""
    if item is None:
        state = status if isinstance(status, Pill) else (Pill(status, tone) if status else None)
        item = shapes.Figure(label, value, unit, href, state, delta, note)
    shown = item.value
    text = "" if shown is None else (shown if isinstance(shown, str) else formats.grouped(shown))
    named = esc(item.label) + (f'<span class="figure-note"> · {esc(item.note)}</span>' if item.note else "")
    inner = f'<span class="figure-value">{_figure_value(item, text)}</span>\n<span class="figure-label">{named}</span>'
    if item.href:
        inner = f'<a class="figure-link" href="{esc(item.href)}">{inner}</a>'
    beside = pill(item.status.text, tone=item.status.tone, title=item.status.title) if item.status else ""
    beside += _comparison(item.delta) if item.delta else ""
    if beside:
        inner += f'\n<span class="figure-status">{beside}</span>'
    return safe(f'<div class="figure{"" if text else " figure-none"}">{inner}</div>')


def _figure_value(item: shapes.Figure, text: str) -> str:
    if not text:
        return f'<span class="figure-number">{esc(_("尚无记录"))}</span>'
    opens, unit = " opens" if item.href else "", f' <span class="figure-unit">{esc(item.unit)}</span>'
    return f'<span class="figure-number{opens}">{esc(text)}</span>{unit if item.unit else ""}'


@drawn(register)
def delta(item: Delta) -> SafeString:
    """More or less than the year before, in words and with a sign; the colour says better or worse."""
    return _comparison(item)


def _comparison(item: Delta) -> SafeString:
    if item.now is None or item.before is None:
        return _compared(_("无上年数据"), "quiet", "")
    difference = _difference(item)
    size = formats.grouped(abs(difference), item.places)
    tone: Tone = "quiet"
    if difference and item.better:
        tone = "done" if (difference > 0) == (item.better == "up") else "due"
    word = _("持平") if not difference else (_("增") if difference > 0 else _("减"))
    text = word if not difference else f"{word} {size}{item.unit and ' ' + item.unit}"
    before = formats.grouped(item.before, item.places)
    title = _("%(period)s：%(value)s") % {"period": item.period or _("上年"), "value": f"{before} {item.unit}".strip()}
    return _compared(text, tone, title)


def _compared(text: str, tone: Tone, title: str) -> SafeString:
    word = f'<span class="delta-word">{esc(_("同比"))}</span>'
    return safe(f'<span class="delta delta-{tone}"{attribute("title", title)}>{word} {esc(text)}</span>')


@drawn(register)
def heat(
    cells: Sequence[HeatCell],
    *,
    legend: Sequence[HeatLegend] = (),
    label: str = "",
) -> SafeString:
    """A grid of schools, each in the colour of its state; the state is also said in words."""
    entries = "".join(_legend(entry) for entry in legend)
    line = f'<p class="heat-legend">{entries}</p>\n' if legend else ""
    return safe(line, f'<ul class="heat"{attribute("aria-label", label)}>', *map(_heat_cell, cells), "</ul>")


def _legend(entry: HeatLegend) -> str:
    count = "" if entry.count is None else f" {entry.count}"
    return f'<span class="pill pill-{entry.tone}">{esc(entry.label)}{count}</span>'


def _heat_cell(cell: HeatCell) -> str:
    label, note = esc(cell.label), f"：{esc(cell.note)}" if cell.note else ""
    element, link = ("a", attribute("href", cell.href)) if cell.href else ("span", "")
    said = f'<span class="visually-hidden">{note}</span>' if note else ""
    opening = f'<{element} class="heat-cell heat-{cell.tone}"{link} title="{label}{note}">'
    return f"<li>{opening}{label}{said}</{element}></li>\n"


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
