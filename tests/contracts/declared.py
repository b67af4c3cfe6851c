"""What the apps' own tests declare for the contracts, found in `tests/<app>/samples.py`: nothing is listed here.

A register without a `Sample` and a procedure without an `Opener` fail the suite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from tests.cast import Cast
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.procedures import Step
from xianxue.organisations.models import School

Maker = Callable[[Cast, School, int], Model]
Papers = list[tuple[str, SimpleUploadedFile]]
FOLDER = Path(__file__).parents[1]


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


@dataclass(frozen=True)
class Opener:
    """How a matter is begun: `given(cast, number)` is what the opening step's form would give, different for every number.

    `part` of the cast opens it, by `step`; the system, where the part is `system`.
    """

    step: Step
    part: str
    given: Callable[[Cast, int], dict[str, Any]]

    def open(self, cast: Cast, number: int = 0) -> Any:
        """The subject of a new matter."""
        given = self.given(cast, number)
        if self.part == "system":
            with whole_county("test"):
                return self.step.run(by=system_actor("task"), **given)
        user = cast.users[self.part]
        with in_reach(cast.reach(self.part)):
            return self.step.run(by=Actor(user.pk, user.name), papers=_papers(self.step), note="理由", **given)


@dataclass(frozen=True)
class Work:
    """`make(stage)` leaves something that waits and gives the key of its row.

    `mine`: the parts of the cast for whom it waits; `seen`: those who see besides that it waits. Nobody else finds it.
    """

    make: Callable[[Any], int]
    mine: tuple[str, ...]
    seen: tuple[str, ...] = ()


def _papers(step: Step) -> Papers:
    return [(kind, SimpleUploadedFile(f"{kind}.pdf", f"%PDF-1.4 {kind}".encode())) for kind in step.papers]


@cache
def samples() -> dict[str, Sample]:
    """One a register, by its code."""
    return _declared("SAMPLES")


@cache
def openers() -> dict[str, Opener]:
    """One a procedure, by its code."""
    return _declared("OPENERS")


@cache
def works() -> dict[str, Work]:
    """One a kind of work, by its code; of the procedures one for all."""
    return _declared("WORK")


def counted() -> list[Callable[[Cast], None]]:
    """For each app that counts something: makes rows for its indicators, of several years and units."""
    return [module.counted for module in _modules() if hasattr(module, "counted")]


def _declared(name: str) -> dict[str, Any]:
    """All modules' dictionaries of that name as one. Raises AssertionError where two declare the same code."""
    every: dict[str, Any] = {}
    for module in _modules():
        for code, item in getattr(module, name, {}).items():
            assert code not in every, f"{module.__name__} declares {code}, as another app's samples do"
            every[code] = item
    return every


@cache
def _modules() -> tuple[Any, ...]:
    places = sorted(path.relative_to(FOLDER.parent).with_suffix("") for path in FOLDER.glob("**/samples.py"))
    return tuple(import_module(".".join(place.parts)) for place in places)
