"""Going up a year: exceptions, their exact undoing, and the head's word that the list is complete.

Nobody is moved up: grades follow from the year of entry. What is written is only who does not move with the class.
"""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor, Grant, current_reach, whole_county
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.models import Classroom, School
from xianxue.people.access import HEAD, OFFICER, REGISTRAR
from xianxue.people.choices import PromotionKind
from xianxue.people.models import ClassMembership, Enrolment, PromotionConfirmation, PromotionException
from xianxue.people.rules.promotion import change_day_wrong, exception_wrong, starts_on
from xianxue.people.selectors import promotion
from xianxue.people.services import episodes
from xianxue.people.services.pupils.seats import seat


@command("people.hold_back", label=gettext_lazy("登记留级"))
def hold_back(
    enrolment: Enrolment,
    school_year: int,
    *,
    classroom: Classroom,
    changed_on: date,
    reason: str,
    knows_rule: bool = False,
    by: Actor,
) -> PromotionException:
    """The pupil stays down: one cohort later, in a class of it. Refused before the year begins, or once confirmed."""
    return _except(
        PromotionKind.HELD_BACK, enrolment, school_year, classroom, changed_on, reason, knows_rule=knows_rule
    )


@command("people.let_skip", label=gettext_lazy("登记跳级"))
def let_skip(
    enrolment: Enrolment,
    school_year: int,
    *,
    classroom: Classroom,
    changed_on: date,
    reason: str,
    knows_rule: bool = False,
    by: Actor,
) -> PromotionException:
    """The pupil skips a grade: one cohort earlier, in a class of it. Refused as `hold_back` is."""
    return _except(PromotionKind.SKIPPED, enrolment, school_year, classroom, changed_on, reason, knows_rule=knows_rule)


def _except(
    kind: PromotionKind,
    enrolment: Enrolment,
    year: int,
    room: Classroom,
    day: date,
    reason: str,
    *,
    knows_rule: bool,
) -> PromotionException:
    _refuse_unless(REGISTRAR, enrolment.school_id, kind.label)
    _refuse_confirmed(enrolment.school, year)
    if not reason.strip():
        raise Refused(_("未能登记%(what)s：没有写明理由。") % {"what": kind.label}, field="reason")
    refuse_if(change_day_wrong(day, year, timezone.localdate()))
    found = promotion.standings(enrolment.school, year, [enrolment.pk])
    if not found:
        raise Refused(_("未能登记%(what)s：该生上一学年不在本校，不在升级名单内。") % {"what": kind.label})
    refuse_if(exception_wrong(kind, found[0].facts, year, knows_rule=knows_rule))
    fresh = found[0].enrolment
    cohort = fresh.cohort_year + (1 if kind == PromotionKind.HELD_BACK else -1)
    if (room.school_id, room.stage, room.cohort_year) != (fresh.school_id, fresh.stage, cohort):
        raise Refused(
            _("未能登记%(what)s：所选班级不是本校相应年级的班。请重新选择。") % {"what": kind.label}, field="classroom"
        )
    return _move(kind, fresh, year, room, day, reason.strip())


def _move(
    kind: PromotionKind, old: Enrolment, year: int, room: Classroom, day: date, reason: str
) -> PromotionException:
    old_cohort, old_room = old.cohort_year, old.classroom
    with whole_county("升级例外：换年级和班"):
        before = episodes.kept([old.pk])[old.pk]
        Enrolment.objects.filter(pk=old.pk).update(cohort_year=room.cohort_year, classroom=room)
        if ClassMembership.objects.filter(enrolment=old, started_on__gt=day).exists():
            raise Refused(_("未能登记：该生在换班日期之后另有编班。请把换班日期改到那之后。"), field="changed_on")
        seat({old.pk: room.pk}, day)
        after = episodes.kept([old.pk])[old.pk]
    made: PromotionException = PromotionException.objects.create(
        enrolment=old,
        school_id=old.school_id,
        school_year=year,
        kind=kind,
        reason=reason,
        old_cohort=old_cohort,
        old_classroom=old_room,
        new_classroom=room,
        changed_on=day,
        before=before,
        after=after,
    )
    _record(made, [old_cohort, room.cohort_year], [old_room, room], reason)
    return made


def _record(made: PromotionException, cohorts: list[int], rooms: list[Classroom | None], note: str) -> None:
    """The change on the pupil's own history, under the names of the pupils' sheet."""
    pupil = made.enrolment.person
    grades = [str(made.school_year - cohort + 1) for cohort in cohorts]
    numbers = [str(room.number) if room else None for room in rooms]
    record(
        Subject("people.person", pupil.pk, pupil.name),
        {"class_number": numbers},
        unit_id=made.school_id,
        note=note,
        facts={"school_year": made.school_year, "grade_before": grades[0], "grade_now": grades[1]},
    )


@command("people.undo_exception", label=gettext_lazy("撤销升级例外"))
def undo_exception(made: PromotionException, *, reason: str, by: Actor) -> None:
    """Give the enrolment and its seats back exactly as before. Refused when anything about them changed since."""
    _refuse_unless(REGISTRAR, made.school_id, _("撤销升级例外"))
    made = PromotionException.objects.select_for_update().select_related("new_classroom").get(pk=made.pk)
    _refuse_confirmed(made.school, made.school_year)
    if made.undone_at is not None:
        raise Refused(_("这条升级例外已经撤销，没有重复办理。"))
    if not reason.strip():
        raise Refused(_("未能撤销：没有写明理由。"), field="reason")
    with whole_county("撤销升级例外：恢复原年级和班"):
        if episodes.changed_since({made.enrolment_id: made.after}):
            raise Refused(_("未能撤销：登记之后该生的学籍或编班另有变动，不能恢复原样。请按现状另行办理。"))
        episodes.give_back({made.enrolment_id: made.before})
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    cohorts = [made.new_classroom.cohort_year, made.old_cohort]
    _record(made, cohorts, [made.new_classroom, made.old_classroom], reason.strip())


@command("people.confirm_year", label=gettext_lazy("确认升级名单"))
def confirm_year(school: School, school_year: int, *, by: Actor) -> PromotionConfirmation:
    """The head says that the list of the year is complete; what was counted is kept. Refused before the year begins."""
    _refuse_unless(HEAD, school.pk, _("确认升级名单"))
    _refuse_confirmed(school, school_year)
    if timezone.localdate() < starts_on(school_year):
        raise Refused(_("未能确认升级名单：新学年 %(day)s 才开始。请在开学后确认。") % {"day": starts_on(school_year)})
    counted = promotion.counts(promotion.standings(school, school_year))
    made: PromotionConfirmation = PromotionConfirmation.objects.create(
        school=school, school_year=school_year, counts=counted, confirmed_at=timezone.now(), confirmed_by=by.label
    )
    subject = Subject("organisations.unit", school.pk, str(school))
    record(subject, unit_id=school.pk, facts={"school_year": school_year, **counted})
    return made


@command("people.reopen_year", label=gettext_lazy("退回升级名单"))
def reopen_year(school: School, school_year: int, *, reason: str, by: Actor) -> None:
    """The county takes the head's confirmation back, with a reason; the school may record exceptions again."""
    _refuse_unless(OFFICER, school.pk, _("退回升级名单"))
    found = promotion.confirmation(school, school_year)
    if found is None:
        raise Refused(_("未能退回升级名单：该校本学年还没有确认。"))
    if not reason.strip():
        raise Refused(_("未能退回升级名单：没有写明理由。"), field="reason")
    found.reopened_at, found.reopened_reason = timezone.now(), reason.strip()
    found.save(update_fields=["reopened_at", "reopened_reason"])
    subject = Subject("organisations.unit", school.pk, str(school))
    record(subject, unit_id=school.pk, note=reason.strip(), facts={"school_year": school_year})


def _refuse_unless(grant: Grant, school_id: int, what: object) -> None:
    if school_id not in grant.scope(current_reach()):
        raise Refused(_("未能%(what)s：您没有这项权限。") % {"what": what})


def _refuse_confirmed(school: School, school_year: int) -> None:
    if promotion.confirmation(school, school_year) is not None:
        raise Refused(_("未能办理：本学年的升级名单校长已经确认。确需更改的，请县局退回名单后再办。"))
