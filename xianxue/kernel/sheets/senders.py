"""Who sent an import, and what that person may reach now (not: might have reached when sending)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db.models import Exists, OuterRef, Q, QuerySet

from xianxue.kernel.access import (
    Actor,
    Grant,
    Reach,
    UnitScope,
    current_reach,
    in_reach,
    nobody,
    reach_at,
    reach_or_none,
    whole_county,
)
from xianxue.kernel.access.reach import EVERY_ROLE
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.models import ImportBatch, ImportJob, ImportUnit
from xianxue.kernel.sheets.sheet import Sheet

_readers: list[Callable[[str], Grant]] = []


def provide_readers(readers_of: Callable[[str], Grant]) -> None:
    """Say who may read the rows of a sheet, beside those who write them: sheet's code → grant. Called once."""
    _readers[:] = [readers_of]


@contextmanager
def reach_of_user(user_id: int | None, purpose: str) -> Iterator[Reach]:
    """Set the reach in which an import is checked or written: what the person reaches at this moment.

    The system's own imports (command line, demonstration) reach everything.
    """
    here = reach_or_none()
    if user_id is None:
        with whole_county(purpose) as reach:
            yield reach
    elif here is not None and here.user_id == user_id:
        yield here
    else:
        with in_reach(reach_at(user_id)) as reach:
            yield reach


def reach_of_sender(job: ImportJob) -> AbstractContextManager[Reach]:
    """The reach of who sent the import."""
    return reach_of_user(job.sender_id, job.door)


def sender_of(job: ImportJob) -> Actor:
    """The sender as an actor, through the door `import:<number>`."""
    return Actor(user_id=job.sender_id, label=job.sender, via=job.door, unit_id=job.unit_id)


def writer_of(job: ImportJob) -> Actor:
    """Who had the import written (or undone), as an actor through the same door."""
    return Actor(user_id=job.actor_id, label=job.actor, via=job.door, unit_id=job.unit_id)


def _in_units(scope: UnitScope) -> Q:
    """Imports that name units, all of them inside the scope."""
    units = ImportUnit.objects.filter(job=OuterRef("pk"))
    return Q(Exists(units)) & ~Q(Exists(units.exclude(unit_id__among=scope.ids)))


def _sent_by(reach: Reach, sheets: Iterable[Sheet]) -> Q:
    """The sender's own, of these sheets: while the role is held, at one of the units that the import names."""
    if reach.user_id is None:
        return Q(pk__in=[])
    found = Q(sheet="")
    for scope, codes in _by_scope((sheet.writer.grant.scope(reach), sheet) for sheet in sheets):
        units = ImportUnit.objects.filter(job=OuterRef("pk"))
        here = ~Q(Exists(units)) | Q(Exists(units.filter(unit_id__among=scope.ids)))
        found |= Q(sheet__in=codes) if scope.every else Q(sheet__in=codes) & here
    return Q(sender_id=reach.user_id) & found


def _readable(reach: Reach, sheets: Iterable[Sheet]) -> Q:
    """Those of these sheets whose rows the person may read or write, where they name such units only."""
    found = Q(pk__in=[])
    for scope, codes in _by_scope((_rows_of(sheet).scope(reach), sheet) for sheet in sheets):
        if scope.every and reach.units.every:
            found |= Q(sheet__in=codes)
        else:
            found |= Q(sheet__in=codes) & _in_units(reach.units if scope.every else scope)
    return found


def _rows_of(sheet: Sheet) -> Grant:
    readers = _readers[0](sheet.code) if _readers else nobody
    return sheet.writer.grant | readers


def _by_scope(pairs: Iterable[tuple[UnitScope, Sheet]]) -> Iterable[tuple[UnitScope, list[str]]]:
    """The codes of sheets by the units over which they are open, without those that are not: most share one condition."""
    found: dict[UnitScope, list[str]] = {}
    for scope, sheet in pairs:
        if scope:
            found.setdefault(scope, []).append(sheet.code)
    return found.items()


def jobs_in_reach(numbers: Collection[str] | None = None) -> QuerySet[ImportJob]:
    """Imports, of all or of these numbers, that the person now acting may see: one's own, and those of readable rows.

    With numbers, one more query finds their sheets, and the condition is no longer than it must be.
    """
    reach = current_reach()
    jobs = ImportJob.objects.all() if numbers is None else ImportJob.objects.filter(pk__in=numbers)
    if reach.scope_of(EVERY_ROLE).every:
        return jobs
    used = None if numbers is None else set(jobs.order_by().values_list("sheet", flat=True).distinct())
    return jobs.filter(visible_to(reach, used))


def visible_to(reach: Reach, used: Collection[str] | None = None) -> Q:
    """The condition for imports that the reach may see, of all sheets or of these."""
    if reach.scope_of(EVERY_ROLE).every:
        return ~Q(pk__in=[])
    sheets = [sheet for sheet in registry.all() if used is None or sheet.code in used]
    return _sent_by(reach, sheets) | _readable(reach, sheets)


def batches_in_reach() -> QuerySet[ImportBatch]:
    """Batches of which the person now acting may see at least one import."""
    return ImportBatch.objects.filter(Exists(jobs_in_reach().filter(batch=OuterRef("pk"))))
