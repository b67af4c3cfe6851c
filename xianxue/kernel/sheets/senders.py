"""Who sent an import, and what that person may reach now (not: might have reached when sending)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from xianxue.kernel.access import Actor, Reach, current_reach, in_reach, reach_or_none, whole_county
from xianxue.kernel.sheets.models import ImportBatch, ImportJob, ImportUnit


@dataclass
class _Provider:
    reach_of: Callable[[int], Reach] | None = None


_provider = _Provider()


def provide_reach(reach_of: Callable[[int], Reach]) -> None:
    """Say how a user's reach is found: user id → reach as of today. Called once, from an app's `ready`."""
    _provider.reach_of = reach_of


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
    elif _provider.reach_of is None:
        message = "Nobody says how a user's reach is found: call sheets.senders.provide_reach."
        raise RuntimeError(message)
    else:
        with in_reach(_provider.reach_of(user_id)) as reach:
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


def _others_units(reach: Reach, job_path: str) -> Exists:
    outside = ImportUnit.objects.filter(job=OuterRef(job_path)).exclude(unit_id__in=reach.units.ids)
    return Exists(outside)


def _seen_by(reach: Reach, job_path: str) -> Q:
    """The sender's own, and those that name units all of which are in reach."""
    own = Q(sender_id=reach.user_id) if reach.user_id is not None else Q(pk__in=[])
    return own | Q(Exists(ImportUnit.objects.filter(job=OuterRef(job_path)))) & ~Q(_others_units(reach, job_path))


def jobs_in_reach() -> QuerySet[ImportJob]:
    """Imports that the person now acting may see."""
    reach = current_reach()
    if reach.units.every:
        return ImportJob.objects.all()
    return ImportJob.objects.filter(_seen_by(reach, "pk"))


def batches_in_reach() -> QuerySet[ImportBatch]:
    """Batches of which the person now acting may see at least one import."""
    return ImportBatch.objects.filter(Exists(jobs_in_reach().filter(batch=OuterRef("pk"))))
