"""What the contracts over registers share."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from tests.cast import PARTS, Cast
from tests.contracts.samples import SAMPLES
from xianxue.kernel.access import Grant, in_reach
from xianxue.kernel.resources import Register
from xianxue.organisations.models import School


class Stage:
    """The cast, and the rows of one register that the test asks for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def row(self, register: Register, number: int = 0, school: School | None = None) -> Any:
        """A row of the First Primary, or of the school given."""
        made: Model = SAMPLES[register.code].make(self.cast, school or self.cast.first_primary, number)
        return made

    def who(self, register: Register, grant: Grant, *, wanted: Callable[[Any], bool] = bool) -> list[str]:
        """Parts of the cast for whom the grant's scope is as wanted."""
        return [part for part in PARTS if wanted(grant.scope(self.cast.reach(part)))]

    def reader(self, register: Register) -> str:
        """Somebody who sees every row."""
        return self.who(register, register.view, wanted=lambda scope: scope.every)[0]

    def changer(self, register: Register) -> str:
        """Somebody who may change every row."""
        return self.who(register, register.change, wanted=lambda scope: scope.every)[0]

    def visible(self, register: Register, part: str) -> list[int]:
        """Keys of the rows that a person sees."""
        with in_reach(self.cast.reach(part)):
            return list(register.visible().order_by("pk").values_list("pk", flat=True))
