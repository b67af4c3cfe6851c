"""Commands of suspension and return: the status of the enrolment, its seat, and the day on which the pupil is expected."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.models import Classroom
from xianxue.people.choices import EnrolmentStatus
from xianxue.people.models import ClassMembership, Enrolment, Suspension
from xianxue.people.procedures import Suspend
from xianxue.people.rules.standing import renewal_wrong, return_day_wrong, suspension_days_wrong
from xianxue.people.services import episodes
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting


@Suspend.ask.command
def ask_suspension(*, enrolment: Enrolment, reason: str, started_on: date, expected_on: date, by: Actor) -> Suspension:
    """Ask for leave from a day until a day; a pupil has one suspension that is not over."""
    refuse_unless_acting(Suspend.ask, enrolment.school_id)
    if enrolment.ended_on is not None:
        raise Refused(_("未能申请休学：该生在本校的学籍已经结束。"))
    with whole_county("一人只有一件未结束的休学"):
        is_away = Suspension.objects.filter(pupil_id=enrolment.person_id, is_open=True).exists()
    if is_away:
        raise Refused(_("未能申请休学：该生已有未结束的休学。请先办结复学，或撤回原申请。"))
    today = timezone.localdate()
    refuse_if(suspension_days_wrong(started_on, expected_on, entered_on=enrolment.entered_on, today=today))
    return Suspension(
        pupil_id=enrolment.person_id,
        pupil_name=enrolment.person.name,
        enrolment=enrolment,
        school_id=enrolment.school_id,
        county=county_unit(enrolment.school),
        reason=reason,
        started_on=started_on,
        expected_on=expected_on,
    )


@Suspend.approve.command
def approve_suspension(suspension: Suspension, *, by: Actor) -> None:
    """The enrolment is suspended, and from the first day of leave on the pupil has no seat; school and class stay."""
    pk = suspension.enrolment_id
    with whole_county("休学：学籍保留，班内座位空出"):
        suspension.before = episodes.kept([pk])[pk]
        Enrolment.objects.filter(pk=pk).update(status=EnrolmentStatus.SUSPENDED)
        _leave_the_class(pk, suspension.started_on)
    suspension.is_in_force = True
    suspension.save(update_fields=["before", "is_in_force"])
    _record(suspension, {"status": [EnrolmentStatus.ACTIVE, EnrolmentStatus.SUSPENDED]})


def _leave_the_class(enrolment_id: int, day: date) -> None:
    seat = ClassMembership.objects.filter(enrolment_id=enrolment_id, ended_on=None).first()
    if seat is not None:
        # One taken after the leave began was never sat in: it stays, with no day in it.
        seat.ended_on = max(day, seat.started_on)
        seat.save(update_fields=["ended_on"])


def _record(suspension: Suspension, changes: dict[str, list[str | None]], **facts: Any) -> None:
    subject = Subject("people.person", suspension.pupil_id, suspension.pupil_name)
    record(subject, changes, unit_id=suspension.school_id, facts={"suspension": suspension.pk, **facts})


@Suspend.ask_renewal.command
def ask_renewal(suspension: Suspension, *, wanted_until: date, by: Actor) -> None:
    """Ask to stay away until a later day."""
    refuse_if(renewal_wrong(suspension.expected_on, wanted_until))
    suspension.wanted_until = wanted_until
    suspension.save(update_fields=["wanted_until"])


@Suspend.approve_renewal.command
def approve_renewal(suspension: Suspension, *, by: Actor) -> None:
    """The day that was asked for becomes the day on which the pupil is expected."""
    wanted: Any = suspension.wanted_until
    old, suspension.expected_on, suspension.wanted_until = suspension.expected_on, wanted, None
    suspension.renewals += 1
    suspension.save(update_fields=["expected_on", "wanted_until", "renewals"])
    _record(suspension, {}, expected_before=str(old), expected_now=str(wanted))


@Suspend.refuse_renewal.command
def refuse_renewal(suspension: Suspension, *, by: Actor) -> None:
    """The pupil is expected on the day that was set before."""
    suspension.wanted_until = None
    suspension.save(update_fields=["wanted_until"])


@Suspend.ask_return.command
def ask_return(suspension: Suspension, *, returned_on: date, classroom: Classroom, by: Actor) -> None:
    """The pupil is back, and shall sit in a class of the own grade."""
    _propose(suspension, returned_on, classroom, lower=0)


@Suspend.ask_return_lower.command
def ask_return_lower(suspension: Suspension, *, returned_on: date, classroom: Classroom, by: Actor) -> None:
    """The pupil is back, and shall sit one grade lower; the reason stands in the step's note."""
    _propose(suspension, returned_on, classroom, lower=1)


def _propose(suspension: Suspension, returned_on: date, classroom: Classroom, *, lower: int) -> None:
    refuse_if(return_day_wrong(returned_on, started_on=suspension.started_on, today=timezone.localdate()))
    old = suspension.enrolment
    wanted = (old.school_id, old.stage, old.cohort_year + lower)
    if (classroom.school_id, classroom.stage, classroom.cohort_year) != wanted:
        where = _("低一年级") if lower else _("原年级")
        raise Refused(
            _("未能申请复学：所选班级不是本校%(where)s的班。请重新选择。") % {"where": where}, field="classroom"
        )
    suspension.returned_on, suspension.new_classroom = returned_on, classroom
    suspension.save(update_fields=["returned_on", "new_classroom"])


def _forget_the_proposal(suspension: Suspension, *, by: Actor) -> None:
    suspension.returned_on = suspension.new_classroom = None
    suspension.save(update_fields=["returned_on", "new_classroom"])


send_back_return = Suspend.send_back_return.command(_forget_the_proposal)
send_back_lower = Suspend.send_back_lower.command(_forget_the_proposal)


def _come_back(suspension: Suspension, *, by: Actor) -> None:
    """The enrolment is active again, with a seat in the class from the day of return on."""
    room: Any = suspension.new_classroom
    day: Any = suspension.returned_on
    with whole_county("复学：重新编班"):
        enrolment = Enrolment.objects.get(pk=suspension.enrolment_id)
        old_cohort = enrolment.cohort_year
        if ClassMembership.objects.filter(enrolment=enrolment, ended_on=None).exists():
            raise Refused(_("未能确认复学：休学期间该生又被编入班级。请先把该生从班内调出，再确认。"))
        enrolment.status, enrolment.classroom, enrolment.cohort_year = EnrolmentStatus.ACTIVE, room, room.cohort_year
        enrolment.save(update_fields=["status", "classroom", "cohort_year"])
        ClassMembership.objects.create(enrolment=enrolment, classroom=room, started_on=day)
    changes: dict[str, list[str | None]] = {"status": [EnrolmentStatus.SUSPENDED, EnrolmentStatus.ACTIVE]}
    _record(suspension, changes, cohort_before=old_cohort, cohort_now=room.cohort_year)


confirm_return = Suspend.confirm_return.command(_come_back)
confirm_return_lower = Suspend.confirm_return_lower.command(_come_back)


@Suspend.revoke.command
def revoke_suspension(suspension: Suspension, *, by: Actor) -> None:
    """Give the enrolment and its seats back as they were. Refused when the class was changed since."""
    pk, before = suspension.enrolment_id, suspension.before or {}
    with whole_county("撤销休学：恢复学籍和编班"):
        now = episodes.kept([pk])[pk]
        if _without_leave(now) != _without_leave(before):
            raise Refused(_("未能撤销休学：批准之后该生的班级或学籍另有变动，不能恢复原样。请按现状办理复学。"))
        episodes.give_back({pk: before})
    suspension.is_in_force = False
    suspension.save(update_fields=["is_in_force"])
    _record(suspension, {"status": [EnrolmentStatus.SUSPENDED, before["status"]]})


def _without_leave(facts: episodes.Kept) -> episodes.Kept:
    """What the approval itself did not touch: all but the status, and the ends of seats."""
    rest = {name: value for name, value in facts.items() if name not in {"status", "seats"}}
    return rest | {"seats": [seat[:3] for seat in facts["seats"]]}
