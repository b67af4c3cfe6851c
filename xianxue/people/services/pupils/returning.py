"""Pupils back from elsewhere: their guardians as a new row names them, and all of it taken back with the row."""

from collections.abc import Collection, Mapping

import polars as pl

from xianxue.kernel.commands import running
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Draft, Subject
from xianxue.kernel.history.selectors import Entry, entries
from xianxue.people.models import GuardianLink
from xianxue.people.services import renewal
from xianxue.people.services.pupils.change_guardians import change_guardians
from xianxue.people.services.pupils.current import guardian_cells
from xianxue.people.services.pupils.fields import PERSON
from xianxue.people.services.pupils.shared import NOTED, note_on_other_wards


def renew_guardians(cells: pl.DataFrame, units: Mapping[int, int]) -> None:
    """Write what rows say of the guardians of pupils known already (`id`, `column`, `new`), and keep what stood there."""
    if cells.is_empty():
        return
    now = guardian_cells(cells["id"].unique().to_list())
    both = cells.join(now, on=("id", "column"), how="left")
    differing = both.filter(pl.col("new").ne_missing(pl.col("old")))
    change_guardians(differing.select("id", "column", "new"))
    changes: dict[int, dict[str, list[str | None]]] = {}
    for pk, column, new, old in differing.select("id", "column", "new", "old").iter_rows():
        changes.setdefault(pk, {})[column] = [old, new]
    renewal.tell([renewal.Told(pk, values, (pk,), units.get(pk)) for pk, values in changes.items()])


def take_back(pupils: Collection[int], door: str) -> None:
    """Give back what the rows of these pupils overwrote: of themselves, of their guardians, of guardians they share.

    Call it while the links still stand.
    """
    found = renewal.overwritten(pupils, door)
    if not found:
        return
    given = renewal.restore(found, PERSON)
    _take_back_guardians([entry for entry in found if any(name.startswith("guardian") for name in entry.changes)])
    _tell_other_wards({pk for pk, columns in given.items() if "phone" in columns}, set(pupils), door)


def _take_back_guardians(found: Collection[Entry]) -> None:
    """The guardians of pupils who had been here before, as they were, where the row's cells still stand."""
    now = {(pk, column): old for pk, column, old in guardian_cells([entry.subject_id for entry in found]).iter_rows()}
    cells = [
        (entry.subject_id, column, old)
        for entry in found
        for column, (old, new) in entry.changes.items()
        if column.startswith("guardian") and now.get((entry.subject_id, column)) == new
    ]
    schema = {"id": pl.Int64, "column": pl.String, "new": pl.String}
    change_guardians(pl.DataFrame(cells, schema=schema, orient="row").unique(("id", "column"), keep="last"))


def _tell_other_wards(guardians: Collection[int], gone: Collection[int], door: str) -> None:
    """The other children of these guardians were told of the new telephone: they are told of the old one again."""
    links = GuardianLink.objects.filter(guardian_id__among=guardians).exclude(pupil_id__in=gone)
    places = {(pupil, f"guardian{order}_phone") for pupil, order in links.values_list("pupil_id", "order")}
    told = Event.objects.filter(via=door, action=NOTED, subject_id__in={pupil for pupil, _column in places})
    drafts = [
        Draft(
            Subject(renewal.PERSON, entry.subject_id, entry.label),
            {name: [new, old] for name, (old, new) in entry.changes.items() if (entry.subject_id, name) in places},
            entry.unit_id,
            facts={"undoes": entry.seq},
        )
        for entry in entries(list(told.values_list("seq", flat=True)))
    ]
    if drafts:
        note_on_other_wards(drafts, by=running().by)
