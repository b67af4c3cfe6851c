"""Words and values in a line: pills, icons, dates, money, masked numbers."""

from datetime import date, datetime
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString

from xianxue.kernel.ui import formats
from xianxue.kernel.ui.components import component, drawn
from xianxue.kernel.ui.figures import Number
from xianxue.kernel.ui.formats import YearShown
from xianxue.kernel.ui.icons import ICONS
from xianxue.kernel.ui.kept import Kept
from xianxue.kernel.ui.markup import attribute, esc, safe
from xianxue.kernel.ui.parts import Tone

from .library import register

# Where there is nothing to show.
NONE = safe('<span class="none">–</span>')


@drawn(register)
def pill(text: Any, *, tone: Tone = "quiet", title: str = "", href: str = "") -> SafeString:
    """A state in one word."""
    element = "a" if href else "span"
    attributes = f'class="pill pill-{esc(tone)}"{attribute("href", href)}{attribute("title", title)}'
    return safe(f"<{element} {attributes}>{esc(text)}</{element}>")


@drawn(register)
def badge(text: Any, *, tone: Tone = "quiet", label: str = "") -> SafeString:
    """A small count beside a word; `label` says to a screen reader what is counted."""
    counted = f'<span class="visually-hidden">{esc(label)}</span>' if label else ""
    return safe(f'<span class="badge badge-{esc(tone)}">{esc(text)}{counted}</span>')


@drawn(register)
def icon(name: str, *, label: str = "") -> SafeString:
    """A drawing from our own sprite; with `label` it means something, without it is decoration."""
    if name not in ICONS:
        msg = f'there is no icon "{name}"; there are: {", ".join(sorted(ICONS))}'
        raise ValueError(msg)
    sprite = _sprite.get("address", lambda: static("ui/icons.svg"))
    meaning = f' role="img" aria-label="{esc(label)}"' if label else ' aria-hidden="true"'
    return safe(
        f'<svg class="icon"{meaning} focusable="false"><use href="{esc(sprite)}#{name}"></use></svg>',
    )


# Under the hash of its content, which is read at start.
_sprite: Kept[str] = Kept(1)


@component(register)
def seal() -> dict[str, Any]:
    """The seal 县学."""
    return {}


@drawn(register)
def money(fen: int | None, *, places: int = 2, unit: str = "元") -> SafeString:
    """Money held in 分, shown in 元."""
    return _amount(formats.yuan(fen, places=places), unit)


@drawn(register)
def number(value: Number | None, *, places: int | None = None, unit: str = "") -> SafeString:
    """A number grouped by thousands; None is an en dash."""
    return _amount("" if value is None else formats.grouped(value, places), unit)


@drawn(register)
def china_date(day: date | None, *, year: YearShown = "auto", today: date | None = None) -> SafeString:
    """9 月 13 日, with the year when it is not this one."""
    iso = day.isoformat()[:10] if day else ""
    return _time(formats.china_date(day, year=year, today=today), iso)


@drawn(register)
def china_moment(at: datetime | None, *, year: YearShown = "auto") -> SafeString:
    """9 月 13 日 10:12, China time."""
    return _time(formats.china_moment(at, year=year), formats.in_china(at).isoformat() if at else "")


def _amount(text: str, unit: str) -> SafeString:
    after = f"&nbsp;{esc(unit)}" if unit else ""
    return safe(f'<span class="amount">{esc(text)}{after}</span>') if text else NONE


def _time(text: str, iso: str) -> SafeString:
    return safe(f'<time class="date" datetime="{iso}">{esc(text)}</time>') if text else NONE


@component(register)
def masked(text: str, *, head: int = 4, tail: int = 4, reveal_href: str = "", label: str = "") -> dict[str, Any]:
    """A number whose middle stays hidden; `reveal_href` posts for the whole one (and is recorded there)."""
    return {"text": formats.masked(text, head=head, tail=tail), "reveal_href": reveal_href, "label": label}
