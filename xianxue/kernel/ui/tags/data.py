"""Data in rows: fields of a thing, a form's field, a pager, a whole table."""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ClearableFileInput,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xianxue.kernel.ui.components import component, drawn
from xianxue.kernel.ui.details import Change, Fact
from xianxue.kernel.ui.jobs import CellChange
from xianxue.kernel.ui.markup import attribute, esc, safe
from xianxue.kernel.ui.tables import Pager

from .library import register
from .text import NONE, pill


@drawn(register)
def key_values(
    items: Sequence[Fact | tuple[str, Any]], *, is_wide: bool = False, token: Callable[[], str]
) -> SafeString:
    """Fields with their values: `Fact`s, or plain pairs."""
    facts = [item if isinstance(item, Fact) else Fact(item[0], str(item[1])) for item in items]
    wide = " facts-wide" if is_wide else ""
    return safe(f'<dl class="facts{wide}">', *[_fact(fact, token) for fact in facts], "</dl>")


def _fact(fact: Fact, token: Callable[[], str]) -> str:
    shown = _value(fact)
    if fact.reveal_href:
        tip, words = esc(_("会留下查看记录")), esc(_("查看全号"))
        press = f'<button class="text-button" type="submit" title="{tip}">{words}</button>'
        shown += f'<form class="inline-form" method="post" action="{esc(fact.reveal_href)}">{token()}{press}</form>'
    if fact.pill:
        shown += f" {pill(fact.pill.text, tone=fact.pill.tone, title=fact.pill.title)}"
    if fact.source:
        shown += f'<small class="fact-source">{esc(fact.source)}</small>'
    wide = " fact-wide" if fact.is_wide else ""
    term, tip = f"<dt>{esc(fact.label)}</dt>", attribute("title", fact.title)
    return f'<div class="fact{wide}">{term}<dd{tip}>{shown}</dd></div>\n'


def _value(fact: Fact) -> str:
    if not fact.text and not fact.pill:
        return NONE
    if fact.href:
        return f'<a href="{esc(fact.href)}">{esc(fact.text)}</a>'
    if fact.is_masked:
        return f'<span class="masked">{esc(fact.text)}</span>'
    return linebreaksbr(fact.text)


@register.simple_tag
def change(item: Change | CellChange) -> SafeString:
    """A value before and after."""
    return safe(_change(item, *_change_words()))


@register.simple_tag
def changes(items: Sequence[Change]) -> SafeString:
    """Fields before and after, as the history tells them."""
    words = _change_words()
    lines = [f'<li><span class="change-label">{esc(item.label)}</span> {_change(item, *words)}</li>' for item in items]
    return safe('<ul class="changes">', *lines, "</ul>")


def _change_words() -> tuple[str, str, str]:
    was, becomes = (f'<span class="visually-hidden">{esc(word)}</span>' for word in (_("原为"), _("改为")))
    return was, becomes, esc(_("（空）"))


def _change(item: Change | CellChange, was: str, becomes: str, nothing: str) -> str:
    old = f'<del class="old">{was}{esc(item.old)}</del> ' if item.old else ""
    new = f'<ins class="new">{becomes}{esc(item.new) if item.new else nothing}</ins>'
    return f'<span class="change">{old}<span class="change-arrow" aria-hidden="true">→</span> {new}</span>'


@component(register)
def pager(item: Pager) -> dict[str, Any]:
    """Rows so-and-so of so many, and the ways on."""
    return {"pager": item}


@component(register)
def field(bound: BoundField) -> dict[str, Any]:
    """A form's field with label, help, error and mark of the required; every kind of widget."""
    kind = _kind(bound)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.insert(0, f"{bound.auto_id}_error")
    attributes: dict[str, str] = {"class": f"control control-{kind}"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    grouped = kind in {"radios", "checkboxes"}
    if grouped:
        # Django gives the attributes to every input of the group; the fieldset carries the description.
        attributes = {"class": "choice-input"}
    widget = bound.as_widget(attrs={**bound.field.widget.attrs, **attributes})
    return {
        "field": bound,
        "kind": kind,
        "widget": widget,
        "is_required": bound.field.required and kind != "checkbox",
        "is_grouped": grouped,
        "described_by": " ".join(described),
    }


@component(register)
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole, and links to the fields that must be mended."""
    return {"form": form, "fields": [bound for bound in form if bound.errors] if form.is_bound else []}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    kinds: list[tuple[tuple[type, ...], str]] = [
        ((CheckboxInput,), "checkbox"),
        ((CheckboxSelectMultiple,), "checkboxes"),
        ((RadioSelect,), "radios"),
        ((ClearableFileInput, FileInput), "file"),
        ((Textarea,), "textarea"),
        ((Select,), "select"),
    ]
    for types, kind in kinds:
        if isinstance(widget, types):
            return kind
    return "input"
