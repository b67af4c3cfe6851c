"""Where and when a pupil is enrolled: episodes at schools, and classes with their dates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Classroom, School
from xianxue.people.choices import Boarding, EnrolmentStatus, ExitReason


class Enrolment(ReachModel):
    """An episode at one school in one stage (学籍): dates, cohort, how the pupil came and lives there.

    `classroom` is the class of today, or the last one; the dated truth is ClassMembership, kept in step by commands.
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

    reach_fields = ("school_id", "classroom_id")

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("学籍")
        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=Q(ended_on__isnull=True), name="one_open_enrolment_per_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("entered_on")),
                name="enrolment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, exit_reason="") | Q(ended_on__isnull=False) & ~Q(exit_reason=""),
                name="an_ended_enrolment_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("school", "stage", "cohort_year"), name="enrolment_of_school_grade"),
            # The register's own order, and all that its count needs.
            models.Index(
                fields=("school", "stage", "-cohort_year", "classroom", "entered_on", "ended_on"),
                name="enrolment_in_list_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.stage} {self.cohort_year}"


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
                fields=("enrolment",), condition=Q(ended_on__isnull=True), name="one_open_class_per_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="membership_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.classroom_id}"
