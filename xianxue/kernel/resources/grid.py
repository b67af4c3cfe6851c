"""A register's rows of one unit as a form: one line a row, cells to fill, the rest only to read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import UnitScope


@dataclass(frozen=True)
class NewLine:
    """A line that has no record yet: what the page calls it (letters and digits), and what nobody types of it.

    `cells`: canonical texts by column of the sheet, among them the key by which the record will be known.
    """

    line: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Grid:
    """How a register is filled in for a whole unit at once: a class, a school, a project.

    `label` is on the button, `unit_label` the word for a unit. `units`: the units that can be chosen, of those over which
    `Register.change` extends; `named` and `grouped` say their name and under which head they are listed. `path`: ORM path
    from the register's model to the unit's key. `fixed`: columns of the register that are shown, the first as the line's
    name; `columns`: columns of the sheet that are filled. `missing`: lines of a unit for which there is no record yet,
    from the unit and the rows that there are; `sort` then puts the lines in order, from canonical texts of the sheet's
    columns. `home`: code of the register on whose pages the units stand, if they have one; the form leads back there.
    `filter`: the list's filter by the unit: who has chosen one goes there.
    """

    label: Any
    unit_label: Any
    units: Callable[[UnitScope], "QuerySet[Any]"]
    path: str
    fixed: tuple[str, ...]
    columns: tuple[str, ...]
    named: Callable[[Any], str] = str
    grouped: Callable[[Any], str] = lambda _unit: ""
    missing: Callable[[Any, Sequence[Any]], Iterable[NewLine]] | None = None
    sort: Callable[[Mapping[str, str | None]], Any] | None = None
    home: str = ""
    filter: str = ""
    help: Any = _("只保存改动过的行；有错的行会留在这里，写明原因。")
