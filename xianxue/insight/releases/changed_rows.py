"""The rows by which a figure differs from its release, as far as the reader may open them, and what happened to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.insight.models import Release, Side
from xianxue.insight.releases.comparing import Finding
from xianxue.kernel import indicators, resources
from xianxue.kernel.access import current_reach
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import Entry, entries
from xianxue.kernel.indicators import Indicator, Rows
from xianxue.kernel.indicators.periods import periods_of
from xianxue.kernel.resources import Register

Subjects = Mapping[int, Sequence[tuple[str, int]]]
KINDS = {"added": gettext_lazy("新增"), "gone": gettext_lazy("不再计入"), "changed": gettext_lazy("计入的内容变了")}


@dataclass(frozen=True)
class ChangedRow:
    """One row that came, went, or counts differently; `events` are what the log knows of it since, newest first."""

    kind: str
    key: int
    title: str
    href: str = ""
    events: tuple[Entry, ...] = ()

    @property
    def kind_label(self) -> str:
        """What became of the row, in words."""
        return str(KINDS[self.kind])


@dataclass(frozen=True)
class Differences:
    """Rows that the reader may open (at most so many as asked for), and how many rows there are in all, and closed."""

    rows: tuple[ChangedRow, ...]
    total: int
    hidden: int


def differences(release: Release, finding: Finding, side: Side, period: str, *, limit: int) -> Differences:
    """The changed rows of one side of a figure. A fixed number of queries, whatever their number."""
    changes = finding.changes(side)
    kinds = {key: kind for kind in KINDS for key in getattr(changes, kind)}
    item = indicators.find(finding.code)
    rows = _rows_of(item, side, period) if item else None
    if item is None or rows is None:
        return Differences((), len(kinds), len(kinds))
    register = _register_of(rows)
    if not (item.view.scope(current_reach()) and register.may_view()):
        return Differences((), len(kinds), len(kinds))
    open_keys = _open(item, rows, register, kinds)
    shown = sorted(open_keys)[:limit]
    return Differences(tuple(_dressed(release, register, shown, kinds)), len(kinds), len(kinds) - len(open_keys))


def _rows_of(item: Indicator, side: Side, period: str) -> Rows | None:
    found = next((one for one in periods_of(item.period, int(period[:4])) if one.key == period), None)
    if found is None:
        return None
    rows = item.build(found)
    return rows.per if side == Side.DIVIDED else rows


def _register_of(rows: Rows) -> Register:
    model = rows.queryset.model
    found = resources.find(lambda item: item.model is model)
    if found is None:
        message = f"No register shows rows of {model.__name__}."
        raise LookupError(message)
    return found


def _open(item: Indicator, rows: Rows, register: Register, kinds: Mapping[int, str]) -> set[int]:
    """Keys that the reader may know: rows in reach, and rows that are no more for those who reach everything."""
    scope = item.view.scope(current_reach())
    within = register.within(register.model._default_manager.filter(pk__among=kinds), register.view)
    within = within if scope.every else within.filter(scope.q(rows.unit))
    known = set(within.values_list("pk", flat=True))
    if not (scope.every and register.scope(register.view).every):
        return known
    return known | (set(kinds) - set(register.model._base_manager.filter(pk__among=kinds).values_list("pk", flat=True)))


def _dressed(
    release: Release, register: Register, keys: Sequence[int], kinds: Mapping[int, str]
) -> Iterator[ChangedRow]:
    found = register.model._default_manager.filter(pk__among=keys)
    by_key = {row.pk: row for row in register.fetched(found, register.listed)}
    subjects = {key: _subjects(register, key, by_key.get(key)) for key in keys}
    events = _events(subjects, release.event_seq)
    for key in keys:
        row = by_key.get(key)
        told = tuple(entry for one in subjects[key] for entry in events.get(one, ()))
        if row is None:
            # What the log called it last; the row itself can no longer say.
            name = next((entry.label for entry in told if entry.label), _("第 %(key)s 号记录") % {"key": key})
            yield ChangedRow(kinds[key], key, _("%(name)s（已删除）") % {"name": name}, events=told)
        else:
            yield ChangedRow(kinds[key], key, register.title(row), register.url("detail", key), told)


def _subjects(register: Register, key: int, row: Any) -> Sequence[tuple[str, int]]:
    if row is not None:
        return register.subjects(row)
    # Where events tell of another record (a pupil's enrolment: of the person), a row that is gone leads to none.
    own = register.model._meta.label_lower
    return [(own, key)] if register.subject == own else []


def _events(subjects: Subjects, after: int) -> dict[tuple[str, int], list[Entry]]:
    """Events since the release, by subject, newest first. Two queries for each type of subject."""
    wanted: dict[str, set[int]] = {}
    for pairs in subjects.values():
        for kind, pk in pairs:
            wanted.setdefault(kind, set()).add(pk)
    found: dict[tuple[str, int], list[Entry]] = {}
    for kind, keys in wanted.items():
        numbers = Event.objects.filter(subject_type=kind, subject_id__among=keys, seq__gt=after)
        for entry in entries(list(numbers.values_list("seq", flat=True))):
            found.setdefault((kind, entry.subject_id), []).append(entry)
    return found
