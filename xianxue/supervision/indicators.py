"""What is counted of matters: how many are open, how many late, how many were finished, and how many of those in time."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import system_actor
from xianxue.kernel.indicators import Count, Period, Rows, indicator
from xianxue.kernel.indicators.services import compute
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.models import Extension, LapsedTodo, Matter, StepRecord, Todo
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.organisations.models import Classroom
from xianxue.supervision.access import reads_matters

UNIT = "counted_unit"
CODES = ("procedures.open", "procedures.late", "procedures.finished", "procedures.finished_in_time")
FACTS = {
    "period": "year",
    "grain": "school",
    "system": "work",
    "view": reads_matters,
    "source": _("办件登记；各流程公布的办理期限"),
}


def _procedures() -> Mapping[str, str]:
    return {item.code: str(item.label) for item in all_procedures()}


def _day(period: Period) -> date:
    """The count day: that of the period, or today while it lies ahead."""
    return min(period.day, timezone.localdate())


def _known(period: Period) -> QuerySet[Matter]:
    """Matters received by the count day that the reader may see, each with the unit for which it counts."""
    # A matter begun by a class teacher stands in the name of the class; the school answers for it.
    school = Classroom.objects.filter(pk=OuterRef("unit_id")).values("school_id")
    unit = Coalesce(Subquery(school), F("unit_id"), output_field=BigIntegerField())
    rows = visible_matters().annotate(**{UNIT: unit})
    return rows.filter(opened_on__lte=_day(period), **{f"{UNIT}__isnull": False})


def _open_on(rows: QuerySet[Matter], day: date) -> QuerySet[Matter]:
    return rows.filter(Q(finished_on__isnull=True) | Q(finished_on__gt=day))


def _late_on(rows: QuerySet[Matter], day: date) -> QuerySet[Matter]:
    """Open ones of which something was late on the day: what waits now, and what was done, put off or taken away only
    afterwards.
    """
    afterwards = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    waiting = Todo.objects.filter(matter=OuterRef("pk"), since_on__lte=day, due_on__lt=day)
    done = StepRecord.objects.filter(matter=OuterRef("pk"), done_at__gte=afterwards, due_on__lt=day)
    put_off = Extension.objects.filter(matter=OuterRef("pk"), done_at__gte=afterwards, old_due_on__lt=day)
    lapsed = LapsedTodo.objects.filter(matter=OuterRef("pk"), ended_on__gt=day, due_on__lt=day)
    not_accepted = Q(accept_due_on__lt=day) & (Q(accepted_on__isnull=True) | Q(accepted_on__gt=day))
    runs = Q(paused_on__isnull=True) | Q(paused_on__gt=day)
    steps = Q(Exists(waiting)) | Q(Exists(done)) | Q(Exists(put_off)) | Q(Exists(lapsed))
    return _open_on(rows, day).filter(steps | not_accepted | (Q(finish_due_on__lt=day) & runs))


def _finished(period: Period) -> QuerySet[Matter]:
    return _known(period).filter(finished_on__gte=period.start, finished_on__lte=_day(period))


@indicator(
    "procedures.open",
    label=_("在办事项"),
    unit=_("件"),
    definition=_(
        "统计日在办的事项件数：统计日及以前收件，到统计日尚未办结。统计日为年末；当年未过完的，为计算当天。"
        "按发起单位统计，班主任发起的计入所在学校。"
    ),
    order=410,
    **FACTS,
)
def open_matters(period: Period) -> Rows:
    """Matters under way on the count day."""
    known = _known(period)
    rows = _open_on(known, _day(period))
    return Rows(rows, UNIT, Count(), among=known, slices="procedure", slice_labels=_procedures)


@indicator(
    "procedures.late",
    label=_("逾期事项"),
    unit=_("件"),
    definition=_(
        "统计日在办的事项中，当前步骤、受理或办结的期限在统计日以前、到统计日尚未办理的件数，一件只计一次；"
        "暂停计时期间不看办结期限，延期从延期之日起算。统计日和统计单位与“在办事项”相同。"
    ),
    direction="down",
    beside="procedures.open",
    order=420,
    **FACTS,
)
def late_matters(period: Period) -> Rows:
    """Those of them that are late."""
    known = _known(period)
    rows = _late_on(known, _day(period))
    return Rows(rows, UNIT, Count(), among=known, slices="procedure", slice_labels=_procedures)


@indicator(
    "procedures.finished",
    label=_("办结事项"),
    unit=_("件"),
    definition=_(
        "办结日期在本年度内的事项件数，不论结果，含不予办理和撤回的。按发起单位统计，班主任发起的计入所在学校。"
    ),
    order=430,
    **FACTS,
)
def finished_matters(period: Period) -> Rows:
    """Matters finished in the year, however they ended."""
    rows = _finished(period)
    return Rows(rows, UNIT, Count(), among=_known(period), slices="procedure", slice_labels=_procedures)


@indicator(
    "procedures.finished_in_time",
    label=_("按期办结率"),
    unit="%",
    definition=_(
        "本年度办结的事项中，办结日期不晚于办结期限的占百分之几；流程没有规定办结期限的，视为按期。"
        "全县按件数之和相除，不取各校平均。"
    ),
    direction="up",
    times=100,
    places=1,
    beside="procedures.finished",
    order=440,
    **FACTS,
)
def finished_in_time(period: Period) -> Rows:
    """In time as a share of what was finished."""
    finished = _finished(period)
    in_time = finished.filter(Q(finish_due_on__isnull=True) | Q(finished_on__lte=F("finish_due_on")))
    return Rows(in_time, UNIT, Count(), per=Rows(finished, UNIT))


def count_again() -> str:
    """Count this year's matters as of today: what is late grows with the day, without any event. Safe to run again."""
    parts = compute(timezone.localdate().year, by=system_actor("task"), codes=CODES)
    return str(parts)
