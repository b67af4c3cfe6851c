"""Cells that hold one or several of the program's own words: categories, meetings in order, preparations."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns import Column, ColumnType
from xianxue.kernel.columns.cleaning import narrow_text

Words = Callable[[], Mapping[str, str]]
"""Value → label, asked anew each time: some come from the rules in force."""
BETWEEN = re.compile(r"[、,;/+→>\-\n]+|\s{2,}")
LISTED = ","


def _spellings(words: Words) -> dict[str, str]:
    table = words()
    return {narrow_text(text): value for value, label in table.items() for text in (value, label)}


@dataclass(frozen=True)
class OneOf(ColumnType):
    """One of a few words; canonical text is its value."""

    words: Words
    code: ClassVar[str] = "one_of"
    label: ClassVar[Any] = gettext_lazy("列出的一项")
    fault: ClassVar[str] = "P201"

    def parse(self, clean: pl.Expr) -> pl.Expr:
        known = _spellings(self.words)
        if not known:
            return pl.when(False).then(clean)  # noqa: FBT003 - polars' way to say "never"
        folded = clean.str.replace_all(" ", "", literal=True).str.to_lowercase()
        return folded.replace_strict(known, default=None, return_dtype=pl.String)

    def expected(self) -> str:
        return "、".join(self.choices())

    def choices(self) -> Sequence[str]:
        return tuple(self.words().values())

    def shown(self, text: str) -> str:
        return self.words().get(text, text)

    def form_field(self, column: Column) -> forms.Field:
        choices = [("", ""), *self.words().items()]
        return forms.ChoiceField(label=column.label, required=column.required, help_text=column.help, choices=choices)


class SeveralField(forms.MultipleChoiceField):
    """Boxes to tick; gives the cell text of what was ticked, and takes cell text."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, kind: "Several", **more: Any) -> None:
        super().__init__(choices=list(kind.words().items()), **more)
        self.kind = kind

    def _values(self, given: Any) -> list[str]:
        texts = [given] if isinstance(given, str) else list(given or ())
        return [value for text in texts for value in self.kind.values(text) or [text]]

    def prepare_value(self, value: Any) -> list[str]:
        """What is ticked."""
        return self._values(value)

    def clean(self, value: Any) -> str:
        """Cell text of what was ticked, in the order of the boxes."""
        ticked = super().clean(self._values(value))
        table = self.kind.words()
        return self.kind.between.join(label for key, label in table.items() if key in ticked)


@dataclass(frozen=True)
class Several(ColumnType):
    """Several of a few words; canonical text is their values with commas. `is_ordered`: their order means something."""

    words: Words
    is_ordered: bool = False
    code: ClassVar[str] = "several"
    label: ClassVar[Any] = gettext_lazy("列出的若干项")
    fault: ClassVar[str] = "P201"
    width: ClassVar[int] = 24

    @property
    def between(self) -> str:
        """What stands between two words."""
        return " → " if self.is_ordered else "、"

    def values(self, text: str) -> list[str] | None:
        """The values that a cell text names; None where one of its words is not known."""
        return self._named(text, _spellings(self.words), list(self.words()))

    def _named(self, text: str, known: Mapping[str, str], in_order: Sequence[str]) -> list[str] | None:
        given = [narrow_text(part) for part in BETWEEN.split(text) if part.strip()]
        if not given or any(part not in known for part in given):
            return None
        named = list(dict.fromkeys(known[part] for part in given))
        return named if self.is_ordered else [value for value in in_order if value in named]

    def parse(self, clean: pl.Expr) -> pl.Expr:
        # Read here: polars asks from threads of its own, where a question to the database would open a connection that
        # knows nothing of this transaction and that nobody closes.
        known, in_order = _spellings(self.words), list(self.words())

        def canonical(text: str) -> str | None:
            named = self._named(text, known, in_order)
            return LISTED.join(named) if named else None

        return clean.map_elements(canonical, return_dtype=pl.String)

    def expected(self) -> str:
        return _("%(words)s；几项之间用顿号隔开") % {"words": "、".join(self.words().values())}

    def to_python(self, text: str | None) -> list[str]:
        return text.split(LISTED) if text else []

    def from_python(self, value: Any) -> str | None:
        return LISTED.join(value) if value else None

    def shown(self, text: str) -> str:
        table = self.words()
        return self.between.join(table.get(value, value) for value in text.split(LISTED))

    def form_field(self, column: Column) -> forms.Field:
        if self.is_ordered:
            return super().form_field(column)
        return SeveralField(self, label=column.label, required=column.required, help_text=column.help)
