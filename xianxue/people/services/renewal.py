"""What a new row says of a person known already is newer: it is written with its old values kept, so it can be undone.

A pupil back from elsewhere, a teacher who changes schools, a guardian who brings another child: the row opens a new
episode, and its undoing takes that away. What it overwrote of the *person* is told by an event of its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed, running
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.history.selectors import Entry, entries
from xianxue.people.models import Person
from xianxue.people.services import stored
from xianxue.people.services.corrections import correct_persons
from xianxue.people.services.stored import Stored

PERSON = "people.person"
RENEWED, RESTORED = "people.renew_known", "people.restore_known"
CELLS = {"id": pl.Int64, "column": pl.String, "old": pl.String, "new": pl.String}


@dataclass(frozen=True)
class Told:
    """One person's event: `behind` are the records whose rows overwrote the values."""

    person: int
    changes: Mapping[str, Sequence[str | None]]
    behind: tuple[int, ...]
    unit_id: int | None = None


def held(people: Collection[int], fields: Sequence[Stored]) -> pl.DataFrame:
    """What is kept of the persons now: `id`, `column`, `old` (canonical text), the telephone in full."""
    rows = Person.objects.filter(pk__among=people).values_list("pk", "phone", *(item.name for item in fields))
    schema = {"id": pl.Int64, "phone": pl.String, **stored.schema(fields)}
    wide = pl.DataFrame(list(rows), schema=schema, orient="row").with_columns(
        stored.text_or_null("phone"), *(item.texts() for item in fields)
    )
    return wide.unpivot(index="id", variable_name="column", value_name="old")


def renew(given: pl.DataFrame, fields: Sequence[Stored], behind: Mapping[int, int], units: Mapping[int, int]) -> None:
    """Write what rows say (`id` of the person, `column`, `new`; nothing clears) where it differs, and tell of it.

    `behind`: person → record of the row; `units`: person → unit of the row.
    """
    cells = _differing(given, held(given["id"].unique().to_list(), fields))
    correct_persons(cells, fields)
    tell([Told(pk, changes, (behind[pk],), units.get(pk)) for pk, changes in _changes(cells).items()])


def _differing(given: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    both = given.join(now, on=("id", "column"), how="inner").drop_nulls("new")
    return both.filter(pl.col("new").ne_missing(pl.col("old"))).select(list(CELLS))


def _changes(cells: pl.DataFrame) -> dict[int, dict[str, list[str | None]]]:
    found: dict[int, dict[str, list[str | None]]] = {}
    for pk, column, old, new in cells.iter_rows():
        found.setdefault(pk, {})[column] = [old, new]
    return found


def tell(told: Sequence[Told]) -> None:
    """Record what was overwritten, each on its own person."""
    if told:
        note_renewed(told, by=running().by)


@command(RENEWED, label=_("人员信息随新登记更新"))
def note_renewed(told: Sequence[Told], *, by: Actor) -> None:
    """Write the events. Changes nothing else."""
    names = dict(Person.objects.filter(pk__among=[item.person for item in told]).values_list("pk", "name"))
    drafts = (
        Draft(
            Subject(PERSON, item.person, names.get(item.person, "")),
            item.changes,
            item.unit_id,
            facts={"behind": list(item.behind)},
        )
        for item in told
    )
    if not record_many(drafts):
        nothing_changed()


def overwritten(records: Collection[int], door: str) -> list[Entry]:
    """What rows about the records overwrote through this door, and nothing has given back yet; newest first."""
    told = Event.objects.filter(via=door, action=RENEWED).order_by("-seq").values_list("seq", flat=True)
    back = {entry.facts.get("undoes") for entry in entries(_numbers(door, RESTORED))}
    wanted = set(records)
    found = entries(list(told)) if told else []
    return [entry for entry in found if entry.seq not in back and wanted.issuperset(entry.facts.get("behind", [None]))]


def _numbers(door: str, action: str) -> list[int]:
    return list(Event.objects.filter(via=door, action=action).values_list("seq", flat=True))


def restore(found: Sequence[Entry], fields: Sequence[Stored]) -> dict[int, set[str]]:
    """Give the persons their old values back where the row's still stand; returns person → columns given back."""
    now = held({entry.subject_id for entry in found}, fields)
    stands: dict[tuple[int, str], str | None] = {(pk, column): old for pk, column, old in now.iter_rows()}
    cells: list[tuple[int, str, str | None, str | None]] = []
    for entry in found:
        for column, (old, new) in entry.changes.items():
            if (entry.subject_id, column) in stands and stands[entry.subject_id, column] == new:
                stands[entry.subject_id, column] = old
                cells.append((entry.subject_id, column, new, old))
    last = pl.DataFrame(cells, schema=CELLS, orient="row").unique(("id", "column"), keep="last", maintain_order=True)
    correct_persons(last, fields)
    given: dict[int, set[str]] = {}
    for pk, column, _new, _old in cells:
        given.setdefault(pk, set()).add(column)
    if found:
        note_restored(found, given, by=running().by)
    return given


@command(RESTORED, label=_("撤销导入：恢复人员原来的信息"))
def note_restored(found: Iterable[Entry], given: Mapping[int, set[str]], *, by: Actor) -> None:
    """Write an event for each that was undone. Changes nothing else."""
    record_many(
        Draft(
            Subject(PERSON, entry.subject_id, entry.label),
            {
                name: [new, old]
                for name, (old, new) in entry.changes.items()
                if name in given.get(entry.subject_id, set())
            },
            entry.unit_id,
            facts={"undoes": entry.seq},
        )
        for entry in found
    )
