"""What a page is built of: head, cards, buttons, notices, steps, tabs."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from django.utils.safestring import SafeString

from xianxue.kernel.ui.components import component, drawn
from xianxue.kernel.ui.markup import attribute, esc, safe
from xianxue.kernel.ui.parts import Action, ButtonKind, Link, Pill, Step, Tab, Tone

from . import text as words
from .library import register


@component(register)
def page_head(
    body: SafeString, *, title: str, sub: str = "", pill: Pill | None = None, trail: Sequence[Link] = ()
) -> dict[str, Any]:
    """The head of a page; between the tags stand its actions, one of them primary at most."""
    return {"body": body, "title": title, "sub": sub, "pill": pill, "trail": trail}


@drawn(register)
def card(  # a card has this many sides
    body: SafeString,
    *,
    title: str = "",
    note: str = "",
    link: str = "",
    link_text: str = "",
    name: str = "",
    is_flush: bool = False,
) -> SafeString:
    """A sheet of paper on the page. `name` is its id; `is_flush` lets a table reach its edges."""
    head = ""
    if title:
        noted = f'<p class="card-note">{esc(note)}</p>' if note else ""
        linked = f'<a class="card-link" href="{esc(link)}">{esc(link_text)}</a>' if link else ""
        head = f'<header class="card-head"><h2>{esc(title)}</h2>{noted}{linked}</header>\n'
    flush = " card-flush" if is_flush else ""
    return safe(f'<section class="card{flush}"{attribute("id", name)}>\n{head}{esc(body)}\n</section>')


@drawn(register)
def button(  # noqa: PLR0913  # a button has this many sides
    text: str,
    *,
    kind: ButtonKind = "plain",
    type: Literal["submit", "button", "reset"] = "submit",  # HTML's word
    icon: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    why_not: str = "",
) -> SafeString:
    """A button that does something. `why_not` says why it cannot now: it stays, and says it."""
    off, reason = "", ""
    if why_not:
        off, reason = f' disabled title="{esc(why_not)}"', f'<small class="why-not">{esc(why_not)}</small>'
    given = attribute("name", name) + attribute("value", value) + attribute("form", form) + off
    opening = f'<button class="button button-{esc(kind)}" type="{esc(type)}"{given}>'
    return safe(f"{opening}{_drawing(icon)}<span>{esc(text)}</span></button>{reason}")


@drawn(register)
def link_button(
    text: str, *, href: str, kind: ButtonKind = "plain", icon: str = "", is_download: bool = False
) -> SafeString:
    """A link that looks like a button: it leads to where something is done."""
    download = " download" if is_download else ""
    opening = f'<a class="button button-{esc(kind)}" href="{esc(href)}"{download}>'
    return safe(f"{opening}{_drawing(icon)}<span>{esc(text)}</span></a>")


@drawn(register)
def action(item: Action, *, token: Callable[[], str]) -> SafeString:
    """An `Action`: a link, or a form with one button when it changes something."""
    if item.why_not:
        off = button(item.label, kind=item.kind, icon=item.icon, why_not=item.why_not, type="button")
        return safe(f'<span class="action-off">{off}</span>')
    if item.method != "post":
        return link_button(item.label, href=item.href, kind=item.kind, icon=item.icon)
    fields = "".join(f'<input type="hidden" name="{esc(name)}" value="{esc(value)}">' for name, value in item.fields)
    pressed = button(item.label, kind=item.kind, icon=item.icon)
    return safe(f'<form class="inline-form" method="post" action="{esc(item.href)}">{token()}{fields}{pressed}</form>')


def _drawing(icon: str) -> str:
    return words.icon(icon) if icon else ""


@component(register)
def notice(body: SafeString, *, tone: Tone = "now", title: str = "") -> dict[str, Any]:
    """A message on the page."""
    return {"body": body, "tone": tone, "title": title}


@component(register)
def empty_state(
    *,
    title: str,
    text: str = "",
    icon: str = "inbox",
    href: str = "",
    link_text: str = "",
) -> dict[str, Any]:
    """Nothing here: why, and what to do about it."""
    return {"title": title, "text": text, "icon": icon, "href": href, "link_text": link_text}


@component(register)
def breadcrumb(items: Sequence[Link]) -> dict[str, Any]:
    """The way from the register to this page."""
    return {"items": items}


@component(register)
def tabs(items: Sequence[Tab], *, label: str = "") -> dict[str, Any]:
    """Several views on the same thing; each is an address of its own."""
    return {"items": items, "label": label}


@component(register)
def steps(items: Sequence[Step], *, is_wide: bool = False) -> dict[str, Any]:
    """Where a matter stands; `is_wide` lays the steps side by side where there is room."""
    return {"items": items, "is_wide": is_wide}


@component(register)
def progress(value: int, *, maximum: int = 100, label: str, text: str = "") -> dict[str, Any]:
    """How far long work is; `label` names the work, `text` says it in words."""
    percent = 0 if maximum <= 0 else min(100, value * 100 // maximum)
    return {"value": value, "maximum": max(maximum, 1), "label": label, "text": text, "percent": percent}
