"""What a sample of a register is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from tests.cast import Cast
from xianxue.organisations.models import School

Maker = Callable[[Cast, School, int], Model]


@dataclass(frozen=True)
class Sample:
    """`make(cast, school, number)` makes a row that belongs to the school, a different one for every number.

    `cells`: cell text of a new row, by column of the sheet, as a school or the bureau would write it.
    `changed`: cells that turn that row into another state. `wrong`: a cell that must be refused, as (column, text).
    """

    make: Maker
    cells: Mapping[str, str] | Callable[[Cast], Mapping[str, str]] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, str] = ("", "")

    def cells_for(self, cast: Cast) -> Mapping[str, str]:
        """The cells of a new row, which may name places of the cast."""
        return self.cells(cast) if callable(self.cells) else self.cells
