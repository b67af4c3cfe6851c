"""Ending, reopening and taking back enrolments."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.people.choices import EnrolmentStatus, ExitReason
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink
from xianxue.people.services.pupils import returning
from xianxue.people.services.pupils.change import open_enrolments
from xianxue.people.services.removal import known_elsewhere, remove_strangers

ENDED = ("status", "ended_on", "exit_reason")


def remove(ids: Sequence[int], door: str) -> dict[int, str]:
    """Take back pupils whom an import made: their open enrolment, and the person if nobody else knows it.

    What the import's rows overwrote of persons known before is given back; `door` is the import's.
    """
    with whole_county("撤回导入"):
        kept = known_elsewhere(ids)
        people = [person for person in ids if person not in kept]
        returning.take_back(people, door)
        enrolments = open_enrolments(people)
        bulk.delete(ClassMembership, "enrolment", enrolments.values())
        bulk.delete(Enrolment, "id", enrolments.values())
        _remove_links(people)
        remove_strangers(people)
    return kept


def _remove_links(people: Sequence[int]) -> None:
    """Links of pupils who are no pupils any more, and guardians who thereby are nobody's."""
    former = set(Enrolment.objects.filter(person_id__among=people).values_list("person_id", flat=True))
    gone = [person for person in people if person not in former]
    guardians = set(GuardianLink.objects.filter(pupil_id__among=gone).values_list("guardian_id", flat=True))
    bulk.delete(GuardianLink, "pupil", gone)
    remove_strangers(guardians)


def roster(unit_ids: Collection[int]) -> pl.DataFrame:
    """All pupils enrolled in the schools now: `id`, `unit_id`, `label`."""
    pupils = Enrolment.objects.filter(school_id__in=list(unit_ids), ended_on__isnull=True)
    rows = list(pupils.values_list("person_id", "school_id", "person__name"))
    return pl.DataFrame(rows, schema={"id": pl.Int64, "unit_id": pl.Int64, "label": pl.String}, orient="row")


def close(ids: Sequence[int], day: date, reason: str) -> None:
    """End the open enrolments on the day: it is the first on which the pupils are not there."""
    with whole_county("全员名单之外的学生离校"):
        enrolments = open_enrolments(ids)
        days = dict(Enrolment.objects.filter(pk__among=enrolments.values()).values_list("pk", "entered_on"))
        ended = [(pk, EnrolmentStatus.LEFT, max(day, entered), reason) for pk, entered in days.items()]
        bulk.update(Enrolment, ENDED, ended)
        _end_memberships({pk: max(day, entered) for pk, entered in days.items()})


def _end_memberships(days: Mapping[int, date]) -> None:
    open_now = ClassMembership.objects.filter(enrolment_id__among=days, ended_on__isnull=True)
    rows = [
        (pk, max(days[enrolment], started))
        for pk, enrolment, started in open_now.values_list("pk", "enrolment_id", "started_on")
    ]
    bulk.update(ClassMembership, ("ended_on",), rows)


def reopen(ids: Sequence[int]) -> dict[int, str]:
    """Take back `close`: the last enrolment and its last class are open again, unless the pupil is enrolled anew."""
    with whole_county("撤回全员名单的离校处理"):
        elsewhere = open_enrolments(ids)
        reason = _("该生已另有在读学籍，不能恢复。请核对后单独办理。")
        kept = dict.fromkeys(elsewhere, reason)
        last: dict[int, tuple[int, date]] = {}
        gone = [person for person in ids if person not in kept]
        ended = Enrolment.objects.filter(person_id__among=gone, exit_reason__in=ExitReason.values)
        for person, pk, day in ended.order_by("ended_on", "pk").values_list("person_id", "pk", "ended_on"):
            last[person] = (pk, day)
        bulk.update(Enrolment, ENDED, ((pk, EnrolmentStatus.ACTIVE, None, "") for pk, _day in last.values()))
        _reopen_memberships(dict(last.values()))
    return kept


def _reopen_memberships(ended: Mapping[int, date]) -> None:
    memberships = ClassMembership.objects.filter(enrolment_id__among=ended)
    rows = [
        pk
        for pk, enrolment, day in memberships.values_list("pk", "enrolment_id", "ended_on")
        if day == ended[enrolment]
    ]
    bulk.update(ClassMembership, ("ended_on",), ((pk, None) for pk in rows))
