"""Where and when a pupil is enrolled: episodes at schools, and classes with their dates."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach, UnitScope
from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.choices import Boarding, EnrolmentStatus, ExitReason


class Enrolment(ReachModel):
    """An episode at one school in one stage (学籍): dates, cohort, how the pupil came and lives there.

    `classroom` is the class of today, or the last one; the dated truth is ClassMembership, kept in step by commands.
    When the file has moved on with the child, `keeper` is the unit (the county) that alone reads this episode from
    `released_on`; the school's own reach has ended.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="enrolments", verbose_name=_("学生"))
    school = models.ForeignKey(School, models.PROTECT, related_name="enrolments", verbose_name=_("学校"))
    stage = models.CharField(_("学段"), max_length=12, choices=Stage)
    cohort_year = models.PositiveSmallIntegerField(_("入学年份"))
    classroom = models.ForeignKey(
        Classroom, models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name=_("班级")
    )
    status = models.CharField(_("状态"), max_length=10, choices=EnrolmentStatus, default=EnrolmentStatus.ACTIVE)
    entered_on = models.DateField(_("入学日期"))
    ended_on = models.DateField(_("离校日期"), null=True, blank=True)
    exit_reason = models.CharField(_("离校原因"), max_length=12, choices=ExitReason, blank=True)
    entry_mode = models.CharField(_("入学方式"), max_length=2, blank=True)
    source = models.CharField(_("学生来源"), max_length=2, blank=True)
    boarding = models.CharField(_("就读方式"), max_length=8, choices=Boarding, blank=True)
    class_no = models.CharField(_("班内学号"), max_length=10, blank=True)
    province_no = models.CharField(_("学籍辅号"), max_length=30, blank=True)
    is_only_child = models.BooleanField(_("是否独生子女"), null=True)
    had_preschool = models.BooleanField(_("是否受过学前教育"), null=True)
    is_left_behind = models.BooleanField(_("是否留守儿童"), null=True)
    is_migrant_child = models.BooleanField(_("是否随迁子女"), null=True)
    is_orphan = models.BooleanField(_("是否孤儿"), null=True)
    is_martyr_child = models.BooleanField(_("是否烈士或优抚子女"), null=True)
    learns_in_regular_class = models.BooleanField(_("随班就读"), null=True)
    disability = models.CharField(_("残疾类型"), max_length=2, blank=True)
    needs_aid = models.BooleanField(_("是否需要申请资助"), null=True)
    has_boarding_aid = models.BooleanField(_("是否享受一补"), null=True)
    released_on = models.DateField(_("档案移交日期"), null=True, blank=True)
    keeper = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("保管单位"),
        db_index=False,  # "enrolment_handed_on" in its place
    )

    reach_fields = ("school_id", "classroom_id")

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("学籍")
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(ended_on__isnull=True),
                name="one_open_enrolment_per_person",
                violation_error_message=_("未能保存：这名学生已有在读的学籍，一人只能有一个。请先办理转学或离校。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("entered_on")),
                name="enrolment_ends_after_it_starts",
                violation_error_message=_("未能保存：离校日期早于入学日期。请核对两个日期。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, exit_reason="") | Q(ended_on__isnull=False) & ~Q(exit_reason=""),
                name="an_ended_enrolment_says_why",
                violation_error_message=_("未能保存：离校须同时写明日期和原因。请补全后再保存。"),
            ),
            models.CheckConstraint(
                condition=Q(released_on__isnull=True, keeper__isnull=True)
                | Q(released_on__isnull=False, keeper__isnull=False, ended_on__isnull=False),
                name="a_released_enrolment_has_ended_and_a_keeper",
                violation_error_message=_("未能移交：移交学籍须先离校，并写明由哪所学校接管。请补全后再办。"),
            ),
        )
        indexes = (
            models.Index(fields=("school", "stage", "cohort_year"), name="enrolment_of_school_grade"),
            # The register's own order, and all that its count needs.
            models.Index(
                fields=("school", "stage", "-cohort_year", "classroom", "entered_on", "ended_on"),
                name="enrolment_in_list_order",
            ),
            # Nearly no row has a keeper: an index with all the empty ones makes SQLite read the whole table instead.
            models.Index(fields=("keeper",), condition=Q(keeper__isnull=False), name="enrolment_handed_on"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.stage} {self.cohort_year}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The episodes that the units reached keep."""
        return kept_in(reach.units)


def kept_in(scope: UnitScope, prefix: str = "", *, school: str = "school_id", classroom: str = "classroom_id") -> Q:
    """Rows whose enrolment, at `prefix`, the units keep: their own, unless the file has moved on, and what they keep.

    `school` and `classroom` are the paths to a row's units. Written flat, so that each part finds its index.
    """
    if scope.every or not scope:
        return scope.q("pk")
    here = {f"{prefix}keeper__isnull": True}
    own = Q(**{f"{school}__among": scope.ids}, **here) | Q(**{f"{classroom}__among": scope.ids}, **here)
    return own | Q(**{f"{prefix}keeper_id__among": scope.ids})


def moved_away(scope: UnitScope) -> Exists:
    """Whether the `school` of a row has handed on the file of its `person`, and the units do not keep it now."""
    gone = Enrolment.unguarded.filter(person=OuterRef("person"), school=OuterRef("school"), keeper__isnull=False)
    return Exists(gone.exclude(keeper_id__among=scope.ids))


def came_with_file(scope: UnitScope) -> Q:
    """Rows whose `person` is enrolled in the units now, and came there from a school that handed the file on."""
    here = Enrolment.unguarded.filter(kept_in(scope), person=OuterRef("person"), ended_on__isnull=True)
    # Few files are ever handed on: from them, not from the rows, for these may be all of a county's.
    came = Enrolment.unguarded.filter(Exists(here), keeper__isnull=False)
    return Q(person__in=came.order_by().values("person"))


class ClassMembership(ReachModel):
    """From when until when a pupil sat in which class; periods of one enrolment do not overlap."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="memberships", verbose_name=_("学籍"))
    classroom = models.ForeignKey(Classroom, models.PROTECT, related_name="memberships", verbose_name=_("班级"))
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    reach_fields = ("classroom_id", "classroom__school_id")

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("编班")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment",),
                condition=Q(ended_on__isnull=True),
                name="one_open_class_per_enrolment",
                violation_error_message=_("未能保存：这名学生已编在另一个班。请先结束原来的编班。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("未能保存：编班的结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.classroom_id}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Seats in the classes reached, unless the file of the pupil has moved on."""
        return kept_in(reach.units, "enrolment__", school="classroom__school_id")
