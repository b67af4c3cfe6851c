"""What the forms of steps have in common."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _

from xianxue.kernel.columns import Column


class StepForm(forms.Form):
    """A form of a step; it stands in the reach of the person who acts, so `objects` gives what that person may choose.

    `columns` are fields described as a sheet's are: the same words, choices and understanding of what is typed; the command
    gets the values of a model's field (分, dates, codes). `self.subject` is what the matter is about; None on the page that
    starts one. `prepare` runs once the fields exist: the place to fill in choices and initial values. The names `by`,
    `note`, `seen`, `once` and `papers` are taken.
    """

    columns: ClassVar[Sequence[Column]] = ()

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)
        for column in self.columns:
            self.fields[column.name] = column.form_field()
        self.prepare()
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and isinstance(field.widget, forms.Select):
                _without_a_guess(field)

    def prepare(self) -> None:
        """Fill in what depends on the subject or on the reach."""

    def clean(self) -> dict[str, Any]:
        """Cells of columns as the values of a model's field; what is not understood is told with what may stand there."""
        data = super().clean() or self.cleaned_data
        for column in self.columns:
            if column.name in data:
                data[column.name] = self._value(column, str(data[column.name] or ""))
        return data

    def _value(self, column: Column, cell: str) -> Any:
        canonical = column.canonical(cell)
        if cell and canonical is None:
            words = {"cell": cell, "expected": column.type.expected()}
            self.add_error(column.name, _("看不懂“%(cell)s”。这里应填：%(expected)s。") % words)
        return column.type.to_python(canonical)

    def about(self) -> Iterable[tuple[str, str]]:
        """(label, text) of what a new matter will be about, for the page that starts it; nothing where it is chosen."""
        return ()


def _without_a_guess(field: forms.ChoiceField) -> None:
    """Let nothing be chosen at first: the first of the reasons would be sent by whoever does not look."""
    offered = list(cast("Iterable[tuple[Any, Any]]", field.choices))
    is_query = isinstance(field, forms.ModelChoiceField)
    if field.required and not is_query and field.initial is None and len(offered) > 1 and offered[0][0] != "":
        field.choices = [("", _("请选择")), *offered]
