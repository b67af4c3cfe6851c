"""The search: pairs that the rules offer are put on the queue, and leave it when nothing speaks for them any more."""

import time
from collections.abc import Collection, Iterator

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import bulk
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import command
from xianxue.kernel.history.records import Subject, record
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair, DuplicateScan, Person
from xianxue.people.rules.duplicates import told, weights
from xianxue.people.selectors.duplicates import (
    Compared,
    compare,
    head_of_log,
    material,
    partners_of,
    touched_since,
)

# More changed persons than this are compared with everybody: finding whom each shares a key with would cost more.
MANY = 20_000
FOUND = ("kind", "score", "facts", "spans_schools", "basis")
# States in which a pair comes back when what was compared has changed.
JUDGED = (DuplicateState.DIFFERENT, DuplicateState.UNCLEAR)


def search_again() -> str:
    """The periodic work: only what changed since the last search; everybody when there was none, or the rules changed.

    Returns a text without names. Nothing is written when nothing changed.
    """
    with whole_county("定时查重"):
        last = DuplicateScan.objects.order_by("-pk").first()
        if last and last.rules_version == weights().version and not touched_since(last.through_seq):
            return ""
    scan = find_duplicates(by=system_actor("task"))
    return f"{scan.persons} / {scan.opened}"


def find_duplicates(*, full: bool = False, by: Actor) -> DuplicateScan:
    """Compare whoever changed since the last search (everybody when `full`), and keep the queue in step.

    The comparison, which takes seconds, holds no lock; only its result is written under one.
    A pair judged to be two persons stays judged until the data that were compared change.
    """
    started = time.monotonic()
    with whole_county("一人一档：查重须看全县"):
        through = head_of_log()
        last = None if full else DuplicateScan.objects.order_by("-pk").first()
        touched = touched_since(last.through_seq) if last and last.rules_version == weights().version else None
        if touched is not None and len(touched) > MANY:
            touched = None
        found = _compared(touched)
    scan: DuplicateScan = keep_pairs(found, touched, through, started, by=by)
    return scan


@command("people.find_duplicates", label=_("查找疑似重复"))
def keep_pairs(
    found: Compared, touched: Collection[int] | None, through: int, started: float, *, by: Actor
) -> DuplicateScan:
    """Write what a search found: new pairs, pairs whose data changed, pairs of which nothing is left."""
    with whole_county("一人一档：查重须看全县"):
        opened, closed = _keep_in_step(found, touched)
        people = Person.objects.filter(merged_into__isnull=True)
        persons = people.count() if touched is None else len(touched)
    scan = DuplicateScan.objects.create(
        through_seq=through,
        is_full=touched is None,
        rules_version=weights().version,
        finished_at=timezone.now(),
        milliseconds=int((time.monotonic() - started) * 1000),
        persons=persons,
        compared=found.count,
        skipped=found.skipped,
        opened=opened,
        closed=closed,
    )
    facts = {"persons": persons, "compared": found.count, "opened": opened, "closed": closed, "skipped": found.skipped}
    record(Subject("people.duplicatescan", scan.pk, weights().version), facts=facts)
    return scan


def _compared(touched: Collection[int] | None) -> Compared:
    if touched is None:
        return compare(material())
    if not touched:
        return Compared(pl.DataFrame(schema={"a_id": pl.Int64, "b_id": pl.Int64}), 0, 0)
    return compare(material(set(touched) | partners_of(touched)), touched)


def _keep_in_step(found: Compared, touched: Collection[int] | None) -> tuple[int, int]:
    """Write what was found; returns how many pairs are newly to be judged, and how many are not any more."""
    known = {(row[1], row[2]): row for row in _known(touched)}
    new, again, same, seen = [], [], [], set()
    alive = _alive({*found.pairs["a_id"], *found.pairs["b_id"]})
    for row in found.pairs.iter_rows(named=True):
        if not {row["a_id"], row["b_id"]} <= alive:
            continue
        place = (row["a_id"], row["b_id"])
        seen.add(place)
        values = (row["kind"], row["score"], told(row["facts"]), row["spans_schools"], row["basis"])
        if (old := known.get(place)) is None:
            new.append((*place, *values))
        elif old[3] == DuplicateState.GONE or (old[3] in JUDGED and old[4] != row["basis"]):
            again.append((old[0], *values))
        elif old[3] not in JUDGED:
            same.append((old[0], *values))
    gone = [row[0] for place, row in known.items() if place not in seen and row[3] == DuplicateState.OPEN]
    bulk.insert(DuplicatePair, ("first", "second", *FOUND, *_BLANK), _filled(new))
    bulk.update(DuplicatePair, (*FOUND, "rules_version"), ((*row, weights().version) for row in (*again, *same)))
    bulk.update(DuplicatePair, ("state", "found_on"), ((row[0], DuplicateState.OPEN, _today()) for row in again))
    bulk.update(DuplicatePair, ("state",), ((pk, DuplicateState.GONE) for pk in gone))
    return len(new) + len(again), len(gone)


def _alive(people: Collection[int]) -> set[int]:
    """Those who are still persons of their own: somebody may have merged or removed one since they were read."""
    found = Person.objects.filter(pk__among=people, merged_into__isnull=True)
    return set(found.values_list("pk", flat=True))


_BLANK = ("rules_version", "state", "found_on", "choices", "reason", "question", "asked_of")


def _filled(rows: Collection[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (*row, weights().version, DuplicateState.OPEN, _today(), {}, "", "", "")


def _today() -> object:
    return timezone.localdate()


def _known(touched: Collection[int] | None) -> list[tuple[int, int, int, str, str]]:
    pairs = DuplicatePair.objects.all()
    names = ("pk", "first_id", "second_id", "state", "basis")
    if touched is None:
        return list(pairs.values_list(*names))
    ids = sorted(touched)
    first, second = pairs.filter(first_id__among=ids), pairs.filter(second_id__among=ids)
    return list({row[0]: row for side in (first, second) for row in side.values_list(*names)}.values())
