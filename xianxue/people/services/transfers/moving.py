"""The move itself: one episode ends, another begins, the class follows, and the old school's reading ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures.models import Party
from xianxue.kernel.procedures.moving import hand_on
from xianxue.organisations.models import Classroom, School
from xianxue.people.choices import EnrolmentStatus, ExitReason
from xianxue.people.models import (
    ClassMembership,
    Enrolment,
    Suspension,
    Transfer,
    child_matters,
)

# Codes of the lists entry_mode and pupil_source for a child who comes from another school.
FROM_ANOTHER_SCHOOL, MOVED_HERE = "08", "3"
# What goes on unchanged at the new school; the seat, the way of entry and what the old school numbered do not.
CARRIED = (
    "stage", "cohort_year", "province_no", "boarding", "is_only_child", "had_preschool", "is_left_behind",
    "is_migrant_child", "is_orphan", "is_martyr_child", "learns_in_regular_class", "disability", "needs_aid",
    "has_boarding_aid",
)  # fmt: skip


@dataclass(frozen=True)
class Placement:
    """Where the child goes, and from which day on; `classroom` None leaves the class for later."""

    school: School
    classroom: Classroom | None
    day: date


def hand_over(transfer: Transfer, to: Placement) -> Enrolment:
    """Move child and file within the county; returns the new episode. Runs inside the step's command."""
    with whole_county("转学：学籍随人走"):
        old = Enrolment.objects.select_related("school__unit").get(pk=transfer.enrolment_id)
        end(old, on=to.day, keeper_id=transfer.county_id)
        new: Enrolment = Enrolment.objects.create(
            person_id=old.person_id,
            school=to.school,
            classroom=to.classroom,
            entered_on=to.day,
            entry_mode=FROM_ANOTHER_SCHOOL,
            source=MOVED_HERE,
            **{name: getattr(old, name) for name in CARRIED},
        )
        if to.classroom:
            ClassMembership.objects.create(enrolment=new, classroom=to.classroom, started_on=to.day)
        handed = _hand_on(old, to)
        give_back(old.person_id, to.school)
        _record_move(transfer, old, new, handed)
    return new


def _hand_on(old: Enrolment, to: Placement) -> list[int]:
    """What is under way about the child goes on at the new school, in the class where the old one's class had a place.

    Papers still to be brought, a fact to be corrected, a child to be looked for: they are the child's, not the school's.
    Returns the matters.
    """
    rooms = Classroom.objects.filter(school_id=old.school_id).values_list("pk", flat=True)
    units: dict[int, int | None] = dict.fromkeys(rooms, to.classroom.pk if to.classroom else None)
    matters = [
        pk
        for model in child_matters()
        if model.follows_child
        for pk in model.objects.filter(pupil_id=old.person_id, matter__finished_on=None).values_list(
            "matter", flat=True
        )
    ]
    hand_on(matters, {old.school_id: to.school.pk, **units})
    return matters


def end(enrolment: Enrolment, *, on: date, keeper_id: int, reason: str = ExitReason.TRANSFERRED) -> None:
    """End an episode and its seat on the day, the first on which the child is not there; the county keeps the file.

    With it go the school's finished matters about the child: they hold papers and facts like the file itself.
    """
    enrolment.status, enrolment.ended_on, enrolment.exit_reason = EnrolmentStatus.LEFT, on, reason
    enrolment.released_on, enrolment.keeper_id = on, keeper_id
    enrolment.save(update_fields=["status", "ended_on", "exit_reason", "released_on", "keeper"])
    for matters in _parties(enrolment.person_id, enrolment.school_id):
        matters.filter(matter__finished_on__isnull=False, released_on=None).update(released_on=on)
    seats = ClassMembership.objects.filter(enrolment=enrolment)
    seats.filter(ended_on__isnull=True, started_on__gte=on).delete()
    seats.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)).update(ended_on=on)


def _parties(person_id: int, school_id: int) -> Iterator["QuerySet[Party]"]:
    """The school's and its classes' places in all matters about the child."""
    units = [school_id, *Classroom.objects.filter(school_id=school_id).values_list("pk", flat=True)]
    for model in child_matters():
        about = model.objects.filter(pupil_id=person_id).values("matter_id")
        yield Party.objects.filter(matter__in=about, unit_id__in=units)


def _matters_again(person_id: int, school_id: int) -> None:
    """The school's places in matters about the child are its own again, those that were handed on as well."""
    for model in filter(lambda model: model.follows_child, child_matters()):
        for subject in model.objects.filter(pupil_id=person_id, school_id=school_id).select_related("matter"):
            for place, unit_id in subject.parties().items():
                now = Party.objects.filter(matter=subject.matter_id, place=place).exclude(unit_id=unit_id)
                hand_on([subject.matter_id], dict.fromkeys(now.values_list("unit_id", flat=True), unit_id))
    for matters in _parties(person_id, school_id):
        matters.update(released_on=None)


def give_back(person_id: int, school: School) -> None:
    """A child who comes back brings the file back: the school reads its own earlier episodes again."""
    earlier = Enrolment.objects.filter(person_id=person_id, school=school, keeper__isnull=False)
    earlier.update(released_on=None, keeper=None)
    _matters_again(person_id, school.pk)


def _record_move(transfer: Transfer, old: Enrolment, new: Enrolment, handed: list[int]) -> None:
    """The change on the child's own history, in the name of the new school, under the names of the pupils' sheet.

    `handed`: the matters under way that went with the child.
    """
    number = str(new.classroom.number) if new.classroom else None
    before = old.classroom.number if old.classroom else None
    record(
        Subject("people.person", old.person_id, transfer.pupil_name),
        {
            "school": [str(old.school_id), str(new.school_id)],
            "class_number": [str(before) if before else None, number],
            "entered_on": [f"{old.entered_on:%Y-%m}", f"{new.entered_on:%Y-%m}"],
        },
        unit_id=new.school_id,
        facts={"transfer": transfer.pk, "from_enrolment": old.pk, "to_enrolment": new.pk, "matters": handed},
    )


def take_back(transfer: Transfer) -> Enrolment:
    """Undo `hand_over`: the new episode counts as entered in error, the old one and its seat go on as if never ended.

    A pupil who was on leave is on leave again, unless the old school has closed that leave since.
    """
    with whole_county("转回更正"):
        old, new = transfer.enrolment, transfer.new_enrolment
        if old is None or new is None or new.ended_on is not None:
            raise Refused(_("未能转回：该生在现学校的学籍已经结束，不能恢复原学籍。请撤回更正，按现状另行办理。"))
        day = old.ended_on
        end(new, on=max(new.entered_on, day or new.entered_on), keeper_id=transfer.county_id, reason=ExitReason.INVALID)
        leave = Suspension.objects.filter(enrolment=old, is_in_force=True, is_open=True).first()
        old.status = EnrolmentStatus.SUSPENDED if leave else EnrolmentStatus.ACTIVE
        old.ended_on, old.exit_reason = None, ""
        old.released_on, old.keeper = None, None
        old.save(update_fields=["status", "ended_on", "exit_reason", "released_on", "keeper"])
        left_on = max(day, leave.started_on) if leave and day else None
        ClassMembership.objects.filter(enrolment=old, ended_on=day).update(ended_on=left_on)
        # What the new school has begun meanwhile is about the child too, who is at the old one.
        if day:
            _hand_on(new, Placement(old.school, old.classroom, day))
        _matters_again(old.person_id, old.school_id)
        changes: dict[str, Any] = {"school": [str(new.school_id), str(old.school_id)]}
        facts = {"undoes_transfer": transfer.pk, "from_enrolment": new.pk, "to_enrolment": old.pk}
        subject = Subject("people.person", old.person_id, transfer.pupil_name)
        record(subject, changes, unit_id=old.school_id, facts=facts)
    return old
