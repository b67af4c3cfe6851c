"""Data in rows: fields of a thing, a form's field, a pager, a whole table."""

from collections.abc import Sequence
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

from xianxue.kernel.ui.components import component
from xianxue.kernel.ui.details import Fact
from xianxue.kernel.ui.tables import Pager

from .library import register


@component(register)
def key_values(items: Sequence[Fact | tuple[str, Any]], *, is_wide: bool = False) -> dict[str, Any]:
    """Fields with their values: `Fact`s, or plain pairs."""
    facts = [item if isinstance(item, Fact) else Fact(item[0], str(item[1])) for item in items]
    return {"facts": facts, "is_wide": is_wide}


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
