"""Persons for life, with dated facts: numbers, enrolment episodes, class membership, guardians, posts."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Classroom, School
from xianxue.people.choices import Boarding, EnrolmentStatus, ExitReason, IdentifierKind, Post, Sex


class Person(ReachModel):
    """One human being, once: pupil, guardian or member of staff, often more than one of these.

    `name_pinyin` sorts and `initials` finds; both are derived from the name by the commands that write it.
    """

    name = models.CharField(_("姓名"), max_length=60, db_index=True)
    name_pinyin = models.CharField(_("姓名拼音"), max_length=120, db_index=True)
    initials = models.CharField(_("拼音首字母"), max_length=30, db_index=True)
    former_name = models.CharField(_("曾用名"), max_length=60, blank=True)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex, default=Sex.UNKNOWN)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    nationality = models.CharField(_("国籍/地区"), max_length=3, blank=True)
    ethnic_group = models.CharField(_("民族"), max_length=2, blank=True)
    political_status = models.CharField(_("政治面貌"), max_length=2, blank=True)
    health = models.CharField(_("健康状况"), max_length=2, blank=True)
    blood_type = models.CharField(_("血型"), max_length=4, blank=True)
    birthplace = models.CharField(_("出生地"), max_length=60, blank=True)
    native_place = models.CharField(_("籍贯"), max_length=60, blank=True)
    household_place = models.CharField(_("户口所在地"), max_length=80, blank=True)
    household_kind = models.CharField(_("户口性质"), max_length=2, blank=True)
    address = models.CharField(_("现住址"), max_length=120, blank=True)
    postal_code = models.CharField(_("邮政编码"), max_length=6, blank=True)
    phone = SealedTextField(_("联系电话"), blank=True)
    phone_digest = models.CharField(_("联系电话摘要"), max_length=32, blank=True, db_index=True)
    died_on = models.DateField(_("死亡日期"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Pupils and staff of the units reached, and the guardians of those pupils."""
        return people_in(reach, "pk")


def people_in(reach: Reach, key: str) -> Q:
    """Rows whose person, at `key`, is a pupil or on the staff of the units reached, or guardian of such a pupil.

    Asked row by row through the indexes: a list of all such persons would be made anew for every page.
    """
    enrolled = Enrolment.unguarded.filter(reach.units.q("school_id", "classroom_id"))
    wards = GuardianLink.unguarded.filter(Exists(enrolled.filter(person=OuterRef("pupil_id"))))
    posts = StaffPost.unguarded.filter(reach.units.q("school_id"))
    return Q(
        Exists(enrolled.filter(person=OuterRef(key)))
        | Exists(posts.filter(person=OuterRef(key)))
        | Exists(wards.filter(guardian=OuterRef(key)))
    )


class Identifier(ReachModel):
    """A number by which a person is known, with its dates; the value is sealed, found by its digest."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers", verbose_name=_("人员"))
    kind = models.CharField(_("证件类型"), max_length=12, choices=IdentifierKind)
    value = SealedTextField(_("证件号"))
    digest = models.CharField(_("证件号摘要"), max_length=32, db_index=True)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    issuer = models.CharField(_("签发机关"), max_length=60, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("证件")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "digest"), condition=Q(valid_to__isnull=True), name="one_person_per_current_number"
            ),
            models.UniqueConstraint(
                fields=("person", "kind"), condition=Q(valid_to__isnull=True), name="one_current_number_per_kind"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The numbers of persons in reach."""
        return people_in(reach, "person_id")


class Enrolment(ReachModel):
    """An episode at one school in one stage (学籍): dates, cohort, how the pupil came and lives there.

    `classroom` is the class of today, or the last one; the dated truth is ClassMembership, kept in step by commands.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", verbose_name=_("学生"))
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


class GuardianLink(ReachModel):
    """Who looks after a pupil; one person may be linked to several pupils, in several schools."""

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="guardian_links", verbose_name=_("学生"))
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="ward_links", verbose_name=_("监护人"))
    relation = models.CharField(_("关系"), max_length=2, blank=True)
    is_guardian = models.BooleanField(_("是否监护人"), default=True)
    order = models.PositiveSmallIntegerField(_("次序"))

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("监护关系")
        constraints = (
            models.UniqueConstraint(fields=("pupil", "order"), name="one_guardian_per_place"),
            models.UniqueConstraint(fields=("pupil", "guardian"), name="one_link_per_guardian"),
        )

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.guardian_id}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The links of pupils in reach."""
        enrolled = Enrolment.unguarded.filter(reach.units.q("school_id", "classroom_id"))
        return Q(pupil__in=enrolled.order_by().values("person_id"))


class StaffPost(ReachModel):
    """A post at a school, with its dates, and the facts that the staff register asks for."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="staff_posts", verbose_name=_("教职工"))
    school = models.ForeignKey(School, models.PROTECT, related_name="staff_posts", verbose_name=_("学校"))
    staff_no = models.CharField(_("工号"), max_length=20)
    post = models.CharField(_("岗位"), max_length=10, choices=Post)
    subject = models.CharField(_("任教学科"), max_length=4, blank=True)
    stage = models.CharField(_("任教学段"), max_length=12, choices=Stage, blank=True)
    is_full_time_teacher = models.BooleanField(_("是否专任教师"), default=False)
    began_work_on = models.DateField(_("参加工作日期"), null=True, blank=True)
    degree = models.CharField(_("最高学历"), max_length=4, blank=True)
    title = models.CharField(_("职称"), max_length=4, blank=True)
    started_on = models.DateField(_("来校日期"))
    ended_on = models.DateField(_("离校日期"), null=True, blank=True)

    reach_fields = ("school_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("任职")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "staff_no"), condition=Q(ended_on__isnull=True), name="one_post_per_staff_no"
            ),
            models.UniqueConstraint(
                fields=("person", "school"), condition=Q(ended_on__isnull=True), name="one_open_post_per_school"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="post_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_post_display()}"


class Qualification(ReachModel):
    """A teacher's licence (教师资格) or other paper."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications", verbose_name=_("教职工"))
    kind = models.CharField(_("资格种类"), max_length=4)
    subject = models.CharField(_("资格学科"), max_length=4, blank=True)
    number = models.CharField(_("资格证号"), max_length=40, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("资格证书")
        constraints = (models.UniqueConstraint(fields=("person", "kind", "number"), name="one_paper_per_number"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The papers of staff in reach."""
        staff = StaffPost.unguarded.filter(reach.units.q("school_id"))
        return Q(person__in=staff.order_by().values("person_id"))
