"""Lists of work: what waits for the reader, and what they may see waiting for others; both ask the kernel's registry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach, UnitScope
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.limits import limit_pill
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.ui.parts import Pill
from xianxue.kernel.work import selectors as work
from xianxue.kernel.work.declaration import all_kinds
from xianxue.kernel.work.selectors import NO_LIMIT, Conditions, Item, Which

PAGE = 50
# The parts of a list by limit, in order; a limit in this week is by Sunday.
PARTS: Mapping[str, Any] = {
    "late": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周"),
    "later": gettext_lazy("以后"),
    "open": gettext_lazy("未设期限"),
}


def conditions(today: date) -> Conditions:
    """What each part of a list holds."""
    sunday = today + timedelta(days=6 - today.weekday())
    return (
        ("late", Q(work_until__lt=today)),
        ("today", Q(work_until=today)),
        ("week", Q(work_until__gt=today, work_until__lte=sunday)),
        ("later", Q(work_until__gt=max(sunday, today), work_until__lt=NO_LIMIT)),
        ("open", Q(work_until=NO_LIMIT)),
    )


@dataclass(frozen=True)
class Asked:
    """What the page was asked for; what means nothing is left out."""

    part: str = ""
    kind: str = ""
    unit: int = 0
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """From the query of the address."""
        part, kind = given.get("part", ""), given.get("kind", "")
        return cls(
            part if part in PARTS else "",
            kind if kind in all_kinds() else "",
            _number(given.get("unit", "")),
            _number(given.get("page", "")) or 1,
        )

    @property
    def kept(self) -> dict[str, str]:
        """The conditions in force, as a query."""
        given = {"part": self.part, "kind": self.kind, "unit": str(self.unit) if self.unit else ""}
        return {name: value for name, value in given.items() if value}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 7 else 0


@dataclass(frozen=True)
class WorkLine:
    """One thing that waits, with its unit and its limit in words."""

    item: Item
    unit: str
    limit: Pill


@dataclass(frozen=True)
class WorkList:
    """One page; `counts` by part, whatever part was asked for; `kinds`: code, label, number."""

    lines: Sequence[WorkLine]
    total: int
    page: int
    counts: Mapping[str, int]
    kinds: Sequence[tuple[str, str, int]]


def work_list(reach: Reach, which: Which, asked: Asked) -> WorkList:
    """The page asked for. Two queries, those of the sources that have something on it, names of units, the calendar."""
    today = timezone.localdate()
    units = UnitScope(frozenset({asked.unit})) if asked.unit else None
    wanted = work.Asked(asked.kind, asked.part, conditions(today), units)
    counts = work.counts(reach, today, which, wanted)
    total = counts.parts[asked.part] if asked.part else sum(counts.parts.values())
    page = min(asked.page, max(1, -(-total // PAGE)))
    items = work.items(reach, today, which, wanted, first=(page - 1) * PAGE, count=PAGE)
    kinds = [(code, str(kind.label), counts.kinds[code]) for code, kind in all_kinds().items() if code in counts.kinds]
    return WorkList(lines_of(items, today), total, page, counts.parts, kinds)


def lines_of(items: Iterable[Item], today: date) -> list[WorkLine]:
    """Things that wait, in words. At most two queries."""
    rows = list(items)
    names = unit_names([row.unit_id for row in rows])
    late = LateDays(today, min((row.until for row in rows if row.until), default=None))
    return [WorkLine(row, names.get(row.unit_id or 0, ""), limit_pill(row.until, late)) for row in rows]
