"""Long work as data: `ui/job.html` draws an import's check, its problems, its differences and its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .details import Panel
from .parts import Action, Link, Notice, Pill, Step, Tone

JobState = Literal["waiting", "running", "asks", "done", "failed", "cancelled", "undone"]
_TONES: dict[JobState, Tone] = {
    "waiting": "quiet",
    "running": "now",
    "asks": "due",
    "done": "done",
    "failed": "late",
    "cancelled": "quiet",
    "undone": "quiet",
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows had one outcome: 新增, 变更, 相同, 不在表中, 有错. `note` stands in brackets (128 格)."""

    label: str
    value: int
    tone: Tone = "quiet"
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """A one-click mend: a button in the job's form that posts `name=value`."""

    label: str
    value: str
    name: str = "mend"


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Equal problems together: what is wrong, in how many rows, an example, how to put it right."""

    code: str
    title: str
    count: int
    example: str = ""
    advice: str = ""
    column: str = ""
    mends: Sequence[Mend] = ()
    rows_href: str = ""
    tone: Tone = "late"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that the import would change. `old` or `new` empty means no value."""

    row: str
    who: str
    column: str
    old: str
    new: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """What one school's file would do, in rows."""

    unit: str
    href: str = ""
    file: str = ""
    new: int = 0
    changed: int = 0
    same: int = 0
    missing: int = 0
    wrong: int = 0
    remark: Pill | None = None


@dataclass(frozen=True, slots=True)
class JobPage:
    """What `ui/job.html` draws, as `page`.

    While `state` is waiting or running the part `#job` asks `poll_href` again every 1.5 s; that address may answer
    with the whole page or with `ui/job/state.html` alone. `href` is where mends post.
    """

    title: str
    state: JobState
    state_text: str
    sub: str = ""
    href: str = ""
    poll_href: str = ""
    trail: Sequence[Link] = ()
    done: int = 0
    total: int = 0
    progress_text: str = ""
    steps: Sequence[Step] = ()
    notice: Notice | None = None
    counts: Sequence[Count] = ()
    problems: Sequence[ProblemGroup] = ()
    problems_total: int = 0
    changes: Sequence[CellChange] = ()
    changes_total: int = 0
    changes_href: str = ""
    units: Sequence[UnitDifference] = ()
    panels: Sequence[Panel] = ()
    actions: Sequence[Action] = ()
    actions_note: str = ""

    @property
    def is_moving(self) -> bool:
        """Whether the page should ask again."""
        return self.state in {"waiting", "running"}

    @property
    def problems_count(self) -> int:
        """How many kinds of problems there are; those listed may be fewer."""
        return self.problems_total or len(self.problems)

    @property
    def tone(self) -> Tone:
        """The tone of the state's pill."""
        return _TONES[self.state]
