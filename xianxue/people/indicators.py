"""What is counted of pupils, staff and classes, on the count day of a term; and who has sent no roster."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count as CountOf
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.indicators import Count, Period, Rows, indicator
from xianxue.organisations.choices import Stage
from xianxue.organisations.indicators import TERM, schools_expected
from xianxue.organisations.models import Classroom
from xianxue.organisations.rules import size_bands
from xianxue.organisations.selectors import reference_day
from xianxue.people import selectors
from xianxue.people.choices import Boarding
from xianxue.people.models import ClassMembership, Enrolment, StaffPost

FACTS = {"period": TERM, "grain": "school", "expects": schools_expected}
ROLL = _("学籍登记；教育事业统计口径")
LARGE_BAND = "large"


def _stages() -> Mapping[str, str]:
    return {stage.value: str(stage.label) for stage in Stage}


def _is_on_record(period: Period) -> bool:
    """Whether rosters were kept in the period, and not only from some later day on.

    A roster first sent later does not know who had left by then. In every school year somebody leaves; a past one in
    which nobody did was never kept.
    """
    start = period.day.year if period.day.month >= 9 else period.day.year - 1
    if reference_day() <= date(start + 1, 8, 31):
        return True
    left = Enrolment.objects.filter(ended_on__gt=period.day, ended_on__lte=date(start + 1, 10, 31))
    return left.exists()


def _pupils(period: Period) -> QuerySet[Enrolment]:
    rows = selectors.enrolled(period.day)
    return rows if _is_on_record(period) else rows.none()


def _attending(period: Period) -> QuerySet[Enrolment]:
    rows = selectors.attending(period.day)
    return rows if _is_on_record(period) else rows.none()


def _staff(period: Period) -> QuerySet[StaffPost]:
    rows = selectors.staff_in_post(period.day)
    return rows if _is_on_record(period) else rows.none()


def _teachers(period: Period) -> QuerySet[StaffPost]:
    return _staff(period).filter(is_full_time_teacher=True)


def _classes(period: Period, *, least: int = 1) -> QuerySet[Classroom]:
    """Classes in which at least so many pupils sit on the count day."""
    seats = ClassMembership.objects.filter(
        selectors.holds_on(period.day, "started_on"), selectors.holds_on(period.day, "entered_on", "enrolment__")
    )
    full = seats.order_by().values("classroom_id").annotate(pupils=CountOf("pk")).filter(pupils__gte=least)
    rows = Classroom.objects.filter(pk__in=full.values("classroom_id"))
    return rows if _is_on_record(period) else rows.none()


def _graded_classes(period: Period, *, least: int = 1) -> QuerySet[Classroom]:
    return _classes(period, least=least).exclude(stage=Stage.KINDERGARTEN)


def _bands(_period: Period) -> Mapping[str, str]:
    return {_t("大班额下限"): str(_large())}


def _large() -> int:
    return next(band.least for band in size_bands() if band.code == LARGE_BAND)


@indicator(
    "people.pupils",
    system="pupils",
    label=_("学生和幼儿"),
    unit=_("人"),
    definition=_("统计日有学籍的学生和在园幼儿人数，含休学学生，不含已离校的学生。"),
    source=ROLL,
    order=30,
    **FACTS,
)
def pupils(period: Period) -> Rows:
    """Everybody enrolled."""
    return Rows(_pupils(period), "school_id", Count(), slices="stage", slice_labels=_stages)


@indicator(
    "people.staff",
    system="staff",
    label=_("教职工"),
    unit=_("人"),
    definition=_("统计日在岗的教职工人数；在两所学校任职的，两校各计一次。"),
    source=_("教职工登记；教育事业统计口径"),
    order=40,
    **FACTS,
)
def staff(period: Period) -> Rows:
    """Posts held."""
    return Rows(_staff(period), "school_id", Count())


@indicator(
    "people.teachers",
    system="staff",
    label=_("专任教师"),
    unit=_("人"),
    definition=_("统计日在岗、登记为专任教师的人数。"),
    source=_("教职工登记；教育事业统计口径"),
    order=50,
    **FACTS,
)
def teachers(period: Period) -> Rows:
    """Full-time teachers."""
    every = _staff(period)
    return Rows(_teachers(period), "school_id", Count(), among=every)


@indicator(
    "people.pupils_per_teacher",
    system="staff",
    label=_("生师比"),
    unit=_("人"),
    definition=_(
        "统计日在校学生和在园幼儿人数除以专任教师人数，即每名专任教师负担的学生数；"
        "休学学生保留学籍但不在校，不计。按全县总数相除，不取各校平均。"
    ),
    source=_("教育事业统计口径"),
    places=1,
    version=2,
    order=60,
    **FACTS,
)
def pupils_per_teacher(period: Period) -> Rows:
    """Pupils for every full-time teacher."""
    per = Rows(_teachers(period), "school_id")
    return Rows(_attending(period), "school_id", Count(), per=per)


@indicator(
    "people.classes",
    system="schools",
    label=_("班级"),
    unit=_("个"),
    definition=_("统计日至少有一名学生编入的班级数，含幼儿园的班。休学学生不编在班内，不计。"),
    source=_("班级和编班登记"),
    version=2,
    order=70,
    **FACTS,
)
def classes(period: Period) -> Rows:
    """Classes with pupils."""
    return Rows(_classes(period), "school_id", Count(), slices="stage", slice_labels=_stages)


@indicator(
    "people.large_classes",
    system="schools",
    label=_("大班额班级"),
    unit=_("个"),
    definition=_t(
        "统计日学生达到 %(least)s 人（大班额下限）的中小学班级数，含超大班额；休学学生不编在班内，不计；幼儿园不计。"
    )
    % {"least": _large()},
    version=2,
    source=_("国发〔2016〕40号；教育事业统计口径"),
    direction="down",
    operator="<=",
    threshold=Decimal(0),
    parameters=_bands,
    order=80,
    **FACTS,
)
def large_classes(period: Period) -> Rows:
    """Classes over the band where a class counts as large."""
    rows = _graded_classes(period, least=_large())
    return Rows(rows, "school_id", Count(), among=_graded_classes(period))


@indicator(
    "people.large_class_share",
    system="schools",
    label=_("大班额比例"),
    unit="%",
    definition=_("大班额班级数占中小学班级数的百分比；两数均按统计日编班计算，休学学生不编在班内，不计。"),
    version=2,
    source=_("国发〔2016〕40号；教育事业统计口径"),
    direction="down",
    times=100,
    places=2,
    parameters=_bands,
    order=90,
    **FACTS,
)
def large_class_share(period: Period) -> Rows:
    """Large classes as a share of all classes of schools."""
    rows = _graded_classes(period, least=_large())
    return Rows(rows, "school_id", Count(), per=Rows(_graded_classes(period), "school_id"))


@indicator(
    "people.boarders",
    system="pupils",
    label=_("寄宿生"),
    unit=_("人"),
    definition=_("统计日在校学生中就读方式登记为“住校”的人数；休学学生不在校，不计；没有登记就读方式的不计。"),
    source=ROLL,
    version=2,
    order=100,
    **FACTS,
)
def boarders(period: Period) -> Rows:
    """Pupils who live at school."""
    every = _attending(period)
    return Rows(every.filter(boarding=Boarding.BOARDER), "school_id", Count(), among=every)


@indicator(
    "people.left_behind",
    system="pupils",
    label=_("留守儿童"),
    unit=_("人"),
    definition=_(
        "统计日有学籍的学生和在园幼儿中登记为留守儿童的人数，含休学学生（休学期间仍须关爱）；没有登记的不计。"
    ),
    source=ROLL,
    version=2,
    order=110,
    **FACTS,
)
def left_behind(period: Period) -> Rows:
    """Children whose parents work away."""
    every = _pupils(period)
    return Rows(every.filter(is_left_behind=True), "school_id", Count(), among=every)
