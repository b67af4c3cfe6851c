"""What each system adds to the demonstration: found in `demo/<app>/part.py`, listed nowhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from xianxue.demo.plan import Plan
from xianxue.demo.pupils import Pupil
from xianxue.kernel.access import Actor

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file in our own template: rows by field name, the file's path in the folder, the title of its page."""

    sheet: str
    rows: Sequence[Mapping[str, Any]]
    path: str
    title: str


class Part:
    """One system's part; each method may be left out.

    `order` is the place of its files among those sent, and of what it does afterwards. `headings` gives, for every sheet
    that it writes, field name → heading as the sheet had it when the part was written: a test compares the two.
    """

    code: ClassVar[str]
    order: ClassVar[int]
    headings: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def invent(self, plan: Plan, pupils: Sequence[Pupil]) -> Any:
        """What there is to write, in memory; the same plan always gives the same."""
        return None

    def expected(self, plan: Plan, invented: Any) -> Mapping[str, int]:
        """What the registers must show once all files are in, by names of the part's own."""
        return {}

    def workbooks(self, plan: Plan, invented: Any) -> Iterator[Workbook]:
        """The files that the system's office sends."""
        yield from ()

    def act(self, plan: Plan, folder: Path, *, by: Actor, say: Say) -> None:
        """Do what people do on pages once all files are in, inside a reach of the whole county; progress goes to `say`."""


@cache
def parts() -> tuple[Part, ...]:
    """The parts of all systems, in order."""
    here = Path(__file__).parent
    names = sorted(path.parent.name for path in here.glob("*/part.py"))
    return tuple(
        sorted((import_module(f"xianxue.demo.{name}.part").PART for name in names), key=lambda part: part.order)
    )
