"""The form of one row: the columns of the register's sheet, filled from its writer."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _

from xianxue.kernel.columns import Column
from xianxue.kernel.sheets import Sheet
from xianxue.kernel.sheets.single import OneRow, changed_since, marks_of

CONFIRMED = "confirmed"
SEEN = "seen"


class RowForm(forms.Form):
    """Cell texts of one row. `confirmed` is set once the user has read the warnings."""

    def __init__(
        self,
        sheet: Sheet,
        data: Any = None,
        *,
        now: Mapping[str, str | None] | None = None,
        opened: Collection[str] = (),
    ) -> None:
        super().__init__(data)
        self.sheet = sheet
        self.kept_back = {
            column.name for column in sheet.columns if column.sealed or (column.domain and column.name not in opened)
        }
        self.is_change = now is not None
        for column in sheet.columns:
            self.fields[column.name] = self._field(column, (now or {}).get(column.name))
        self.fields[CONFIRMED] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.now = now
        if now is not None:
            self.fields[SEEN] = forms.JSONField(
                required=False, widget=forms.HiddenInput, initial=marks_of(sheet, now), error_messages={"invalid": ""}
            )

    def _field(self, column: Column, now: str | None) -> forms.Field:
        field = column.form_field()
        field.error_messages["required"] = _("请填写。")
        if isinstance(field, forms.ChoiceField):
            field.error_messages["invalid_choice"] = _("没有这一项。请从列表中选择。")
        elif column.example and not field.help_text:
            field.help_text = _("如：%(example)s") % {"example": column.example}
        if column.name in self.kept_back and self.is_change:
            # What is sealed or restricted is not sent to the page: leaving it empty keeps it.
            field.required = False
            kept = column.display(now, mask=True) if now and column.sealed else ""
            field.help_text = _("现为 %(kept)s；不改请留空") % {"kept": kept} if kept else field.help_text
            if column.domain:
                # Neither is it written unseen: whether a guess changed anything would tell what was there.
                field.disabled = True
                field.help_text = _("受限内容，说明查阅目的后才能查看和更改")
        else:
            field.initial = _initial(field, column, now)
        if self.is_change and now and column.name in self.sheet.held:
            field.disabled = True
            field.help_text = _("关键信息，须办理“%(what)s”") % {"what": self.sheet.held_by}
        return field

    @property
    def seen(self) -> dict[str, str]:
        """Marks of the record as the form showed it, of a valid form; none where they did not come back."""
        marks = self.cleaned_data.get(SEEN)
        return marks if isinstance(marks, dict) else {}

    def overtaken(self) -> list[str]:
        """Columns that somebody else changed since the form was shown."""
        return changed_since(self.sheet, self.now, self.seen) if self.now is not None else []

    def caught_up(self, names: Iterable[str]) -> dict[str, str]:
        """Data for the columns as they are now, and for the marks: what the form has to show instead of its own."""
        fresh = {name: str(self.fields[name].initial or "") for name in names}
        return fresh | {SEEN: json.dumps(marks_of(self.sheet, self.now or {}))}

    def cells(self) -> dict[str, str]:
        """Cell text by column, of a valid form; what is not shown and was left empty is not among them."""
        found = {column.name: str(self.cleaned_data[column.name] or "") for column in self.sheet.columns}
        return {name: text for name, text in found.items() if text or not (self.is_change and name in self.kept_back)}

    def tell(self, row: OneRow) -> None:
        """Show what the checks found, each at its field."""
        for name, sentences in row.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def _initial(field: forms.Field, column: Column, now: str | None) -> str:
    """The value as the field's own cell text: a choice by its key, anything else as people write it."""
    if now is None:
        return ""
    if isinstance(field, forms.ChoiceField):
        keys = {str(key) for key, _label in cast("Iterable[tuple[Any, Any]]", field.choices)}
        return now if now in keys else column.display(now, mask=False)
    return column.display(now, mask=False)
