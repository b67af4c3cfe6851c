"""Commands of the alerts for children out of school, and the nightly search for them."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, current_reach, system_actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.procedures.calendar import add_working_days, working_days_between
from xianxue.people.choices import DropOutGround, DropOutOutcome, EnrolmentStatus
from xianxue.people.models import DropOutCase, DropOutVisit, Enrolment
from xianxue.people.procedures import DropOut
from xianxue.people.rules.dropout import COMPULSORY, alert_wrong, visit_day_wrong
from xianxue.people.rules.limits import limit
from xianxue.people.selectors.dropout import children_without_school
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting

EXEMPT = (DropOutOutcome.DEFERRED, DropOutOutcome.AT_HOME, DropOutOutcome.OTHER_LAWFUL)


@DropOut.raise_alert.command
def raise_alert(*, enrolment: Enrolment, ground: str, since: date, detail: str = "", by: Actor) -> DropOutCase:
    """Raise for a pupil of the school; the system does it too, for an enrolment that ended without another."""
    refuse_unless_acting(DropOut.raise_alert, enrolment.school_id)
    return _raised(enrolment, ground, since, detail)


@DropOut.teacher_raises.command
def teacher_raises(*, enrolment: Enrolment, ground: str, since: date, detail: str = "", by: Actor) -> DropOutCase:
    """Raise for a pupil of one's own class."""
    if enrolment.classroom_id is None or enrolment.classroom_id not in DropOut.teacher_raises.by.scope(current_reach()):
        raise Refused(_("未能登记预警：只有该生所在班的班主任可以办理，您没有这项权限。"))
    return _raised(enrolment, ground, since, detail)


def _raised(enrolment: Enrolment, ground: str, since: date, detail: str) -> DropOutCase:
    with whole_county("一人只有一件在办的预警"):
        has_case = DropOutCase.objects.filter(pupil_id=enrolment.person_id, is_open=True).exists()
    if has_case:
        raise Refused(_("未能登记预警：该生已有在办的预警。请在原事项中登记劝返。"))
    if enrolment.stage not in COMPULSORY:
        raise Refused(_("未能登记预警：控辍保学只适用于义务教育阶段的学生。"))
    if enrolment.status == EnrolmentStatus.SUSPENDED:
        raise Refused(_("未能登记预警：该生经批准休学。到期未复学的，请在休学事项中办理。"))
    today = timezone.localdate()
    missed = working_days_between(since - timedelta(days=1), today)
    refuse_if(alert_wrong(ground, since, missed=missed, today=today))
    return DropOutCase(
        pupil_id=enrolment.person_id,
        pupil_name=enrolment.person.name,
        enrolment=enrolment,
        school_id=enrolment.school_id,
        classroom_id=enrolment.classroom_id,
        county=county_unit(enrolment.school),
        ground=ground,
        since=since,
        detail=detail.strip(),
    )


def _visit(case: DropOutCase, *, visited_on: date, visitor: str, result: str, detail: str = "", by: Actor) -> None:
    """Keep one visit, call or talk."""
    refuse_if(visit_day_wrong(visited_on, since=case.since, today=timezone.localdate()))
    DropOutVisit.objects.create(
        case=case, visited_on=visited_on, visitor=visitor.strip(), result=result, detail=detail.strip()
    )


report_visit = DropOut.visit.command(_visit)
report_teacher_visit = DropOut.teacher_visits.command(_visit)
report_joint_visit = DropOut.joint_visit.command(_visit)


@DropOut.report_back.command
def report_back(case: DropOutCase, *, outcome_on: date, outcome_detail: str = "", by: Actor) -> None:
    """The child learns at a school of the county again, so that there must be an open enrolment."""
    with whole_county("核对是否已有学籍"):
        is_here = Enrolment.objects.filter(
            person_id=case.pupil_id, ended_on=None, status=EnrolmentStatus.ACTIVE
        ).exists()
    if not is_here:
        raise Refused(_("未能报告已返校：该生现在没有在读学籍。请先办理入学或复学，再报告。"))
    _report(case, DropOutOutcome.BACK, outcome_on, outcome_detail)


@DropOut.report_elsewhere.command
def report_elsewhere(case: DropOutCase, *, outcome_on: date, outcome_detail: str, by: Actor) -> None:
    """The child learns at a school outside the county; the detail names it."""
    if not outcome_detail.strip():
        raise Refused(_("未能报告：没有写明在何处就读。"), field="outcome_detail")
    _report(case, DropOutOutcome.ELSEWHERE, outcome_on, outcome_detail)


@DropOut.report_exempt.command
def report_exempt(case: DropOutCase, *, outcome: str, outcome_on: date, outcome_detail: str = "", by: Actor) -> None:
    """The child lawfully need not come to school, or is taught at home."""
    if outcome not in EXEMPT:
        raise Refused(_("未能报告：所选结果不是依法缓学、送教上门或其他免除情形。请重新选择。"), field="outcome")
    _report(case, DropOutOutcome(outcome), outcome_on, outcome_detail)


def _report(case: DropOutCase, outcome: DropOutOutcome, day: date, detail: str) -> None:
    if not case.since <= day <= timezone.localdate():
        raise Refused(_("未能报告：结果日期应在预警开始日期到今天之间。请核对日期。"), field="outcome_on")
    case.outcome, case.outcome_on, case.outcome_detail = outcome, day, detail.strip()
    case.save(update_fields=["outcome", "outcome_on", "outcome_detail"])


@DropOut.send_back.command
def send_back(case: DropOutCase, *, by: Actor) -> None:
    """What was reported does not hold: the child is followed up further."""
    case.outcome, case.outcome_on, case.outcome_detail = "", None, ""
    case.save(update_fields=["outcome", "outcome_on", "outcome_detail"])


def look_for_children_out_of_school() -> str:
    """The nightly work: raise an alert for whoever left and is nowhere, hand late ones to the county.

    Running it again raises nothing twice. Returns a text without names; empty when nothing was to do.
    """
    with whole_county("控辍保学：离校后有无去向"):
        by = system_actor("task")
        missing = [row for row in children_without_school(timezone.localdate()) if _raised_at_night(row, by)]
        late = _followed_too_long()
        for case in late:
            DropOut.escalate_case.run(case, by=by, note=_("期限届满仍未劝返，系统自动转县局督办。"))
    return f"{len(missing)} / {len(late)}" if missing or late else ""


def _raised_at_night(enrolment: Enrolment, by: Actor) -> bool:
    """Whether an alert was raised; one child who cannot be (a school outside every county) does not stop the others."""
    try:
        DropOut.raise_alert.run(enrolment=enrolment, ground=DropOutGround.LEFT, since=enrolment.ended_on, by=by)
    except Refused:
        return False
    return True


def _followed_too_long() -> list[DropOutCase]:
    today, days = timezone.localdate(), limit("drop_out_escalation").count
    rows = DropOutCase.objects.filter(matter__state__in=("raised", "visited")).select_related("matter").order_by("pk")
    return [case for case in rows if add_working_days(case.matter.opened_on, days) < today]
