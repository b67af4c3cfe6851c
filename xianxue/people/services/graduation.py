"""Commands of graduation: a whole grade leaves in one step, and comes back exactly when the county takes it back."""

from collections import Counter
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.organisations.choices import STAGE_YEARS, Stage
from xianxue.organisations.models import School
from xianxue.people.choices import EnrolmentStatus, ExitReason, GraduationOutcome
from xianxue.people.models import ClassMembership, Enrolment, Graduation, GraduationItem
from xianxue.people.procedures import Graduate
from xianxue.people.services import episodes
from xianxue.people.services.transfers.looking import county_unit, refuse_unless_acting

EXITS = {GraduationOutcome.GRADUATED: ExitReason.GRADUATED, GraduationOutcome.COMPLETED: ExitReason.COMPLETED}


def cohort_leaving(stage: str, day: date) -> int:
    """Year of entry of those whose last school year of the stage contains the day, or ended with the summer of it."""
    # The summer holidays, July and August, belong to the year that ends; grades move up on 1 September.
    school_year = day.year if day.month >= 9 else day.year - 1
    return school_year - STAGE_YEARS[Stage(stage)] + 1


def leavers(graduation: Graduation) -> QuerySet[Enrolment]:
    """The pupils of the cohort who are on roll and not suspended, those named as exceptions included."""
    pupils = Enrolment.objects.filter(
        school_id=graduation.school_id, stage=graduation.stage, cohort_year=graduation.cohort_year, ended_on=None
    )
    return pupils.filter(status=EnrolmentStatus.ACTIVE).order_by("pk")


@Graduate.open_list.command
def open_graduation(*, school: School, stage: str, left_on: date, by: Actor) -> Graduation:
    """Begin for the last grade of a stage of the school; `left_on` is the first day on which the pupils are not there."""
    refuse_unless_acting(Graduate.open_list, school.pk)
    if stage not in school.stage_list:
        raise Refused(_("未能登记毕业名单：本校没有这个学段。请重新选择。"), field="stage")
    made = Graduation(
        school=school,
        county=county_unit(school),
        stage=stage,
        cohort_year=cohort_leaving(stage, left_on),
        left_on=left_on,
    )
    if Graduation.objects.filter(school=school, stage=stage, cohort_year=made.cohort_year, is_open=True).exists():
        raise Refused(_("未能登记毕业名单：%(year)s 届已经登记过。请在原事项中办理。") % {"year": made.year})
    if not leavers(made).exists():
        raise Refused(
            _("未能登记毕业名单：%(year)s 年入学的年级没有在籍学生。请核对学段和离校日期。")
            % {"year": made.cohort_year}
        )
    return made


@Graduate.name_exception.command
def name_exception(graduation: Graduation, *, enrolment: Enrolment, outcome: str, reason: str = "", by: Actor) -> None:
    """Say that a pupil completes without graduating, or stays on; to graduate after all takes the exception away."""
    if not leavers(graduation).filter(pk=enrolment.pk).exists():
        raise Refused(_("未能登记例外：所选学生不在这份毕业名单内。请重新选择。"), field="enrolment")
    GraduationItem.objects.filter(graduation=graduation, enrolment=enrolment).delete()
    if outcome == GraduationOutcome.GRADUATED:
        return
    if not reason.strip():
        raise Refused(_("未能登记例外：没有写明原因。"), field="reason")
    GraduationItem.objects.create(graduation=graduation, enrolment=enrolment, outcome=outcome, reason=reason.strip())


@Graduate.withdraw.command
def withdraw_graduation(graduation: Graduation, *, by: Actor) -> None:
    """The list stands no longer: another may be opened for the grade."""
    graduation.is_open = False
    graduation.save(update_fields=["is_open"])


@Graduate.approve.command
def approve_graduation(graduation: Graduation, *, by: Actor) -> None:
    """End the enrolments and seats of the grade; set-based, a fixed number of queries for any number of pupils."""
    with whole_county("毕业：年级整体离校"):
        entered = dict(leavers(graduation).values_list("pk", "entered_on"))
        named = dict(GraduationItem.objects.filter(graduation=graduation).values_list("enrolment_id", "outcome"))
        outcomes = {pk: named.get(pk, GraduationOutcome.GRADUATED.value) for pk in entered}
        leaving = {pk: max(graduation.left_on, entered[pk]) for pk in entered if outcomes[pk] in EXITS}
        if not leaving:
            raise Refused(_("未能审核：名单上没有毕业或结业的学生。请退回名单。"))
        before = episodes.kept(list(leaving))
        _end(leaving, outcomes)
        _keep(graduation, outcomes, before, episodes.kept(list(leaving)))
        graduation.counts = dict(Counter(outcomes.values()))
        graduation.save(update_fields=["counts"])
        _record(graduation, list(leaving), [EnrolmentStatus.ACTIVE, EnrolmentStatus.LEFT])


def _end(leaving: dict[int, date], outcomes: dict[int, str]) -> None:
    rows = [(pk, EnrolmentStatus.LEFT, day, EXITS[GraduationOutcome(outcomes[pk])]) for pk, day in leaving.items()]
    bulk.update(Enrolment, ("status", "ended_on", "exit_reason"), rows)
    seats = ClassMembership.objects.filter(enrolment_id__among=list(leaving))
    still = seats.filter(Q(ended_on=None) | Q(ended_on__gt=min(leaving.values())))
    ends = [
        (pk, max(leaving[enrolment], started))
        for pk, enrolment, started, ended in still.values_list("pk", "enrolment_id", "started_on", "ended_on")
        if ended is None or ended > leaving[enrolment]
    ]
    bulk.update(ClassMembership, ("ended_on",), ends)


def _keep(
    graduation: Graduation,
    outcomes: dict[int, str],
    before: dict[int, episodes.Kept],
    after: dict[int, episodes.Kept],
) -> None:
    """One item for every pupil of the grade, so that it can be taken back."""
    reasons = dict(GraduationItem.objects.filter(graduation=graduation).values_list("enrolment_id", "reason"))
    GraduationItem.objects.filter(graduation=graduation).delete()
    GraduationItem.objects.bulk_create(
        (
            GraduationItem(
                graduation=graduation,
                enrolment_id=pk,
                outcome=outcome,
                reason=reasons.get(pk, ""),
                before=before.get(pk),
                after=after.get(pk),
            )
            for pk, outcome in outcomes.items()
        ),
        batch_size=500,
    )


def _record(graduation: Graduation, pupils: list[int], status: list[str | None]) -> None:
    rows = Enrolment.objects.filter(pk__among=pupils).order_by("pk").values_list("person_id", "person__name")
    record_many(
        Draft(
            Subject("people.person", person, name),
            {"status": status},
            graduation.school_id,
            facts={"graduation": graduation.pk},
        )
        for person, name in rows
    )


@Graduate.undo.command
def undo_graduation(graduation: Graduation, *, by: Actor) -> None:
    """Give every enrolment and seat back as it was. Refused as a whole when one pupil is enrolled anew or was changed."""
    with whole_county("撤销毕业：恢复学籍和编班"):
        items = GraduationItem.objects.filter(graduation=graduation, before__isnull=False)
        by_key = {item.enrolment_id: item for item in items.select_related("enrolment__person")}
        stuck = {*episodes.elsewhere(list(by_key)), *episodes.changed_since({pk: i.after for pk, i in by_key.items()})}
        if stuck:
            names = "、".join(sorted(by_key[pk].enrolment.person.name for pk in stuck)[:5])
            raise Refused(
                _(
                    "未能撤销毕业：%(names)s等 %(count)s 名学生毕业后已另行入学或学籍另有变动，不能恢复原样。请先办理这些学生。"
                )
                % {"names": names, "count": len(stuck)}
            )
        episodes.give_back({pk: item.before for pk, item in by_key.items()})
        _record(graduation, list(by_key), [EnrolmentStatus.LEFT, EnrolmentStatus.ACTIVE])
    graduation.is_open = False
    graduation.save(update_fields=["is_open"])
