"""Words and values in a line: pills, icons, dates, money, masked numbers."""

from datetime import date, datetime
from typing import Any

from xianxue.kernel.ui import formats
from xianxue.kernel.ui.components import component
from xianxue.kernel.ui.figures import Number
from xianxue.kernel.ui.formats import YearShown
from xianxue.kernel.ui.icons import ICONS
from xianxue.kernel.ui.parts import Tone

from .library import register


@component(register)
def pill(text: Any, *, tone: Tone = "quiet", title: str = "", href: str = "") -> dict[str, Any]:
    """A state in one word."""
    return {"text": text, "tone": tone, "title": title, "href": href}


@component(register)
def badge(text: Any, *, tone: Tone = "quiet", label: str = "") -> dict[str, Any]:
    """A small count beside a word; `label` says to a screen reader what is counted."""
    return {"text": text, "tone": tone, "label": label}


@component(register)
def icon(name: str, *, label: str = "") -> dict[str, Any]:
    """A drawing from our own sprite; with `label` it means something, without it is decoration."""
    if name not in ICONS:
        msg = f'there is no icon "{name}"; there are: {", ".join(sorted(ICONS))}'
        raise ValueError(msg)
    return {"name": name, "label": label}


@component(register)
def seal() -> dict[str, Any]:
    """The seal 县学."""
    return {}


@component(register)
def money(fen: int | None, *, places: int = 2, unit: str = "元") -> dict[str, Any]:
    """Money held in 分, shown in 元."""
    return {"text": formats.yuan(fen, places=places), "unit": unit}


@component(register)
def number(value: Number | None, *, places: int | None = None, unit: str = "") -> dict[str, Any]:
    """A number grouped by thousands; None is an en dash."""
    return {"text": "" if value is None else formats.grouped(value, places), "unit": unit}


@component(register)
def china_date(day: date | None, *, year: YearShown = "auto", today: date | None = None) -> dict[str, Any]:
    """9 月 13 日, with the year when it is not this one."""
    iso = day.isoformat()[:10] if day else ""
    return {"text": formats.china_date(day, year=year, today=today), "iso": iso}


@component(register)
def china_moment(at: datetime | None, *, year: YearShown = "auto") -> dict[str, Any]:
    """9 月 13 日 10:12, China time."""
    return {"text": formats.china_moment(at, year=year), "iso": formats.in_china(at).isoformat() if at else ""}


@component(register)
def masked(text: str, *, head: int = 4, tail: int = 4, reveal_href: str = "", label: str = "") -> dict[str, Any]:
    """A number whose middle stays hidden; `reveal_href` posts for the whole one (and is recorded there)."""
    return {"text": formats.masked(text, head=head, tail=tail), "reveal_href": reveal_href, "label": label}
