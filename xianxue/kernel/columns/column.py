"""A column and the base of its types: cleaning and parsing in bulk with polars, one value at a time in Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import polars as pl
from django import forms

from xianxue.kernel.columns import cleaning


class Check(NamedTuple):
    """A problem's code and the cells that have it; of several checks of a column the first that holds is reported."""

    code: str
    when: pl.Expr


class ColumnType:
    """What the cells of a column mean.

    Canonical text is what is compared, kept in the history and handed to writers: dates `2015-09-01`, codes their
    value, money in 分, yes/no `1`/`0`; empty is null. A subclass gives at least `parse`.
    """

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    """What the type is called in the instructions of a template."""
    fault: ClassVar[str] = "P101"
    """Problem reported where a cell is neither empty nor understood, and no other check holds."""
    width: ClassVar[int] = 14
    """Width of the column in a workbook, in characters."""

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        """Cell text without what nobody sees; null where nothing is left.

        Of the class, not of one column: cells of all columns of a form that are cleaned alike are cleaned at once.
        """
        return cleaning.narrow(raw)

    def parse(self, clean: pl.Expr) -> pl.Expr:
        """Canonical text of cleaned text; null where it is not understood."""
        raise NotImplementedError

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        """Problems of this column alone, the most telling first. The type's `fault` follows by itself."""
        return ()

    def expected(self) -> str:
        """What may stand in a cell, for people: goes into messages and instructions."""
        return str(self.label)

    def suggest(self, text: str) -> str:
        """A cell text that would be understood and was probably meant; empty where there is none."""
        return ""

    def choices(self) -> Sequence[str]:
        """Cell texts to choose from, for the list in a template; empty where there is no list."""
        return ()

    def options(self) -> Sequence[tuple[str, str]]:
        """(canonical text, label) of a closed set to choose from on a page; empty where it is typed."""
        return ()

    def to_python(self, text: str | None) -> Any:
        """Value for a model's field, from canonical text."""
        return text

    def from_python(self, value: Any) -> str | None:
        """Canonical text of a model's field; empty text is null."""
        return None if value is None or value == "" else str(value)

    def display(self, text: str | None, *, mask: bool = False) -> str:
        """Canonical text as people read it, also in an export; `mask` hides what identifies."""
        if not text:
            return ""
        return self.masked(text) if mask else self.shown(text)

    def shown(self, text: str) -> str:
        """Canonical text as people read it; never empty text."""
        return text

    def masked(self, text: str) -> str:
        """What may be shown to everybody: first and last characters stay only where much is hidden."""
        if len(text) < 8:
            return "•" * len(text)
        return f"{text[:3]}{'•' * (len(text) - 7)}{text[-4:]}"

    def form_field(self, column: "Column") -> forms.Field:
        """Field of a form of one row. Its value is cell text: the sheet's checks do the rest."""
        return forms.CharField(
            label=column.label, required=column.required, help_text=column.help or "", strip=True, empty_value=""
        )


@dataclass(frozen=True)
class Column:
    """One description of a field, for table, form, Excel, history and API.

    `path` is the ORM path from the register's model (default: `name`). `synonyms` are further headings accepted in
    workbooks. `sealed` columns are encrypted at rest, compared by the keyed digest of name space `digest_kind`
    (default: `name`), and masked unless a grant says otherwise. `critical` marks what later needs approval to change.
    `domain` names the restricted domain that must be opened before a value is shown.
    """

    name: str
    label: Any
    type: ColumnType
    required: bool = False
    synonyms: tuple[str, ...] = ()
    path: str = ""
    help: Any = ""
    sealed: bool = False
    example: str = ""
    critical: bool = False
    digest_kind: str = ""
    domain: str = ""

    @property
    def orm_path(self) -> str:
        """ORM path from the register's model."""
        return self.path or self.name

    @property
    def is_hidden(self) -> bool:
        """Whether pages mask the value until it is asked for: sealed, or of a restricted domain."""
        return self.sealed or bool(self.domain)

    @property
    def digest_space(self) -> str:
        """Name space of the keyed digest of a sealed column."""
        return self.digest_kind or self.name

    def canonical(self, cell: str) -> str | None:
        """Canonical text of one cell's text; None where it is empty or not understood."""
        frame = pl.DataFrame({"cell": [cell]}, schema={"cell": pl.String})
        found: str | None = frame.select(self.type.parse(self.type.clean(pl.col("cell")))).item()
        return found

    def display(self, text: str | None, *, mask: bool | None = None) -> str:
        """Canonical text as people read it; sealed columns are masked unless `mask` is False."""
        return self.type.display(text, mask=self.sealed if mask is None else mask)

    def form_field(self) -> forms.Field:
        """Field of a form of one row."""
        return self.type.form_field(self)
