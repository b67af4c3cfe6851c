"""Panels: the parts of a detail page, declared in order by the register; `ui` draws what they become."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Grant, everyone_signed_in
from xianxue.kernel.columns import Column
from xianxue.kernel.ui import details


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of a detail page, shown to whoever sees the row and holds `grant`.

    `aside` puts it into the narrow column beside the others.
    """

    title: Any = ""
    grant: Grant = everyone_signed_in
    aside: bool = False


@dataclass(frozen=True, init=False)
class Fields(Panel):
    """Values of the row: `Fields("name", "school")`; all columns when none is named."""

    names: tuple[str, ...] = ()

    def __init__(
        self, *names: str, title: Any = _("基本信息"), grant: Grant = everyone_signed_in, aside: bool = False
    ) -> None:
        for name, value in {"names": names, "title": title, "grant": grant, "aside": aside}.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True)
class Related(Panel):
    """Rows that belong to this one, as a small table.

    `rows(row)` returns a queryset (of the reach now in force) or a list; `register` is the code of the register on
    whose pages the rows stand, or `link(related)` gives the address. `limit` bounds what is shown, and the panel
    says when there are more.
    """

    rows: Callable[[Any], Iterable[Any]]
    columns: tuple[Column, ...]
    register: str = ""
    link: Callable[[Any], str] | None = None
    limit: int = 100
    empty: Any = _("没有记录。")


@dataclass(frozen=True, kw_only=True)
class Papers(Panel):
    """The papers of the row, of the kinds that the register declares (`papers`)."""


@dataclass(frozen=True, kw_only=True)
class Matters(Panel):
    """The matters about this row that the reader sees, of whatever app: those whose subject has a `field` to the model.

    `Matters(model=Person, field="pupil", key=lambda row: row.person_id)` on the page of a pupil.
    """

    title: Any = _("办件")
    model: type[Model]
    field: str
    key: Callable[[Any], int]
    limit: int = 20


@dataclass(frozen=True, kw_only=True)
class Facts(Panel):
    """Computed statements about the row: `facts(row)` returns `ui.details.Fact`s."""

    facts: Callable[[Any], Iterable[details.Fact]]


@dataclass(frozen=True, kw_only=True)
class Dossier(Panel):
    """The file of the person that the row is about (`person(row)` gives the key): a panel for every section."""

    person: Callable[[Any], int]


@dataclass(frozen=True, kw_only=True)
class History(Panel):
    """Who did what to the row, when, from which page or import."""

    title: Any = _("变更记录")
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class Custom(Panel):
    """Anything else: `build(row)` returns a panel of `ui.details`, or None to leave it out."""

    build: Callable[[Any], details.Panel | None]


__all__ = ["Custom", "Dossier", "Facts", "Fields", "History", "Panel", "Related"]
