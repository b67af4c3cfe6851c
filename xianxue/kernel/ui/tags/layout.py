"""What a page is built of: head, cards, buttons, notices, steps, tabs."""

from collections.abc import Sequence
from typing import Any, Literal

from django.utils.safestring import SafeString

from xianxue.kernel.ui.components import component
from xianxue.kernel.ui.parts import Action, ButtonKind, Link, Pill, Step, Tab, Tone

from .library import register


@component(register)
def page_head(
    body: SafeString, *, title: str, sub: str = "", pill: Pill | None = None, trail: Sequence[Link] = ()
) -> dict[str, Any]:
    """The head of a page; between the tags stand its actions, one of them primary at most."""
    return {"body": body, "title": title, "sub": sub, "pill": pill, "trail": trail}


@component(register)
def card(  # a card has this many sides
    body: SafeString,
    *,
    title: str = "",
    note: str = "",
    link: str = "",
    link_text: str = "",
    name: str = "",
    is_flush: bool = False,
) -> dict[str, Any]:
    """A sheet of paper on the page. `name` is its id; `is_flush` lets a table reach its edges."""
    return {
        "body": body,
        "title": title,
        "note": note,
        "link": link,
        "link_text": link_text,
        "name": name,
        "is_flush": is_flush,
    }


@component(register)
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
) -> dict[str, Any]:
    """A button that does something. `why_not` says why it cannot now: it stays, and says it."""
    return {
        "text": text,
        "kind": kind,
        "type": type,
        "icon": icon,
        "name": name,
        "value": value,
        "form": form,
        "why_not": why_not,
    }


@component(register)
def link_button(
    text: str, *, href: str, kind: ButtonKind = "plain", icon: str = "", is_download: bool = False
) -> dict[str, Any]:
    """A link that looks like a button: it leads to where something is done."""
    return {"text": text, "href": href, "kind": kind, "icon": icon, "is_download": is_download}


@component(register)
def action(item: Action) -> dict[str, Any]:
    """An `Action`: a link, or a form with one button when it changes something."""
    return {"item": item}


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
