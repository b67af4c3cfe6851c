"""A detail page as data: `ui/detail.html` draws a list of panels, each with its own template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from .figures import Figure
from .parts import Action, Link, Notice, Pill, Step
from .tables import HeadCell, Row


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a person or thing; `source` says where the fact comes from, `reveal_href` shows what is masked."""

    label: str
    text: str = ""
    href: str = ""
    pill: Pill | None = None
    is_masked: bool = False
    reveal_href: str = ""
    source: str = ""
    title: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the history: when, what, who, through which door, what changed, and the mark that seals it."""

    at: datetime
    title: str
    who: str = ""
    via: str = ""
    via_href: str = ""
    changes: Sequence[Change] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What all panels have; `note` stands at the right of the title unless there is a `link`."""

    template: ClassVar[str] = ""
    title: str
    note: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class FactsPanel(Panel):
    """Fields in two columns."""

    template: ClassVar[str] = "ui/panels/facts.html"
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class TablePanel(Panel):
    """Related rows, without tools; `empty` is the sentence for none."""

    template: ClassVar[str] = "ui/panels/table.html"
    columns: Sequence[HeadCell] = ()
    rows: Sequence[Row] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class TimelinePanel(Panel):
    """History: who did what, when, from which import or page."""

    template: ClassVar[str] = "ui/panels/timeline.html"
    moments: Sequence[Moment] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class FiguresPanel(Panel):
    """A few figures side by side."""

    template: ClassVar[str] = "ui/panels/figures.html"
    figures: Sequence[Figure] = ()


@dataclass(frozen=True, slots=True)
class StepsPanel(Panel):
    """Where a matter stands."""

    template: ClassVar[str] = "ui/panels/steps.html"
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class DetailPage:
    """What `ui/detail.html` draws, as `page`."""

    title: str
    sub: str = ""
    pill: Pill | None = None
    trail: Sequence[Link] = ()
    actions: Sequence[Action] = ()
    notice: Notice | None = None
    panels: Sequence[Panel] = ()
    aside: Sequence[Panel] = ()
