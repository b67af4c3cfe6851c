"""Transfer within the county."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.procedures import clock
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Classroom, School
from xianxue.organisations.rules import size_bands
from xianxue.people.choices import ObjectionGround, TransferKind
from xianxue.people.models import Enrolment, Transfer
from xianxue.people.procedures import TransferWithin
from xianxue.people.rules.transfers import class_full, moving_day_wrong
from xianxue.people.services.transfers.looking import (
    counted,
    county_unit,
    pupil_named,
    refuse_guessing,
    refuse_unless_acting,
)
from xianxue.people.services.transfers.moving import Placement, hand_over


@TransferWithin.open_transfer.command
def _open_transfer(*, by: Actor, school: School, number: str, name: str, reason: str) -> Transfer:
    refuse_unless_acting(TransferWithin.open_transfer, school.pk)
    refuse_guessing(by)
    found = pupil_named(number, name, school)
    return Transfer(
        kind=TransferKind.WITHIN,
        pupil_id=found.person_id,
        pupil_name=found.person.name,
        number=number.strip().upper(),
        from_school_id=found.school_id,
        to_school=school,
        county=county_unit(school),
        enrolment=found,
        reason=reason,
    )


# The trace of a look-up that found nobody must outlive the command, which is rolled back.
open_transfer = TransferWithin.open_transfer.run = counted(_open_transfer)


@TransferWithin.object_to.command
def object_to(transfer: Transfer, *, by: Actor, ground: str) -> None:
    """Object on one of the listed grounds. Refused on any other."""
    if ground not in ObjectionGround.values:
        raise Refused(_("未能提出异议：理由不在所列范围之内。请从列表中选择。"), field="ground")
    transfer.ground = ground
    transfer.save(update_fields=["ground"])


@TransferWithin.approve.command
def approve(transfer: Transfer, *, by: Actor, national_no: str = "") -> None:
    """The county approves; `national_no` is the number of the business in the national system, where there is one."""
    transfer.national_no = national_no.strip()
    transfer.save(update_fields=["national_no"])


@TransferWithin.place.command
def place(
    transfer: Transfer, *, by: Actor, moved_on: date, classroom: Classroom | None = None, knows_full: bool = False
) -> None:
    """Receive the child into a class: the file moves, and the sending school's reading ends."""
    enrolment: Any = transfer.enrolment
    today = clock.today()
    refuse_if(
        moving_day_wrong(moved_on, entered_on=enrolment.entered_on, opened_on=transfer.matter.opened_on, today=today)
    )
    if classroom is not None:
        _refuse_wrong_class(transfer, classroom)
        if not knows_full:
            _refuse_full(classroom)
    new = hand_over(transfer, Placement(School.objects.get(pk=transfer.to_school_id), classroom, moved_on))
    transfer.new_enrolment, transfer.moved_on = new, moved_on
    transfer.save(update_fields=["new_enrolment", "moved_on"])


def _refuse_wrong_class(transfer: Transfer, classroom: Classroom) -> None:
    old: Any = transfer.enrolment
    if (classroom.school_id, classroom.stage, classroom.cohort_year) != (
        transfer.to_school_id,
        old.stage,
        old.cohort_year,
    ):
        raise Refused(_("未能编班：所选班级不是本校与该生同年级的班。请重新选择。"), field="classroom")


def _refuse_full(classroom: Classroom) -> None:
    with whole_county("编班前点数"):
        pupils = Enrolment.objects.filter(classroom=classroom, ended_on__isnull=True).count()
    large = next(band.least for band in size_bands() if band.code == "large")
    if classroom.stage != Stage.KINDERGARTEN and (reason := class_full(pupils, large=large)):
        raise Refused(reason, field="knows_full")
