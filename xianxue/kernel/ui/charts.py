"""Charts as data: a few plain kinds, each with the table that says the same to a screen reader."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ChartTone = Literal["main", "before", "done", "due", "late", "second", "third"]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values; None is a gap, never 0. `tone` names a colour token, not a colour."""

    label: str
    values: Sequence[float | int | None]
    tone: ChartTone = "main"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over named categories; `hrefs` makes each category open its rows.

    A pie has one series. `height` is in CSS pixels, one of the sizes that the style sheet knows.
    """

    title: str
    kind: Literal["bar", "row", "line", "stack", "pie"]
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    hrefs: Sequence[str] = ()
    places: int = 0
    height: Literal[160, 220, 300, 420] = 220

    def __post_init__(self) -> None:
        """Refuse a series of the wrong length: it would draw under the wrong names."""
        for row in self.series:
            if len(row.values) != len(self.categories):
                msg = f"{row.label}: {len(row.values)} values for {len(self.categories)} categories"
                raise ValueError(msg)

    @property
    def as_json(self) -> str:
        """What the chart controller reads from its data attribute."""
        return json.dumps(
            {
                "title": self.title,
                "kind": self.kind,
                "categories": list(self.categories),
                "series": [{"label": s.label, "values": list(s.values), "tone": s.tone} for s in self.series],
                "unit": self.unit,
                "hrefs": list(self.hrefs),
                "places": self.places,
            },
            ensure_ascii=False,
        )

    @property
    def table(self) -> list[tuple[str, list[float | int | None]]]:
        """The categories with their values, for the table beside the chart."""
        return [(name, [row.values[i] for row in self.series]) for i, name in enumerate(self.categories)]
