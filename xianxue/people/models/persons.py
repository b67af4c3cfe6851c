"""Persons for life, the numbers by which they are known, and who looks after whom."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.people.choices import IdentifierKind, Sex
from xianxue.people.models.enrolments import Enrolment
from xianxue.people.models.staff import StaffPost


class Person(ReachModel):
    """One human being, once: pupil, guardian or member of staff, often more than one of these.

    `name_pinyin` sorts and `initials` finds; both are derived from the name by the commands that write it.
    A record that was merged stays as a shell to which nothing points; `merged_into` says where everything went.
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
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入的人员")
    )

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
    enrolled = Enrolment.unguarded.filter(Enrolment.rows_in(reach))
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
                fields=("kind", "digest"),
                condition=Q(valid_to__isnull=True),
                name="one_person_per_current_number",
                violation_error_message=_(
                    "未能保存：这个号码已经是另一个人的。请核对号码；确是同一个人的，请办理重复合并。"
                ),
            ),
            models.UniqueConstraint(
                fields=("person", "kind"),
                condition=Q(valid_to__isnull=True),
                name="one_current_number_per_kind",
                violation_error_message=_("未能保存：这个人已有同一种类的现用号码。请办理更正，不要另加一个。"),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The numbers of persons in reach."""
        return people_in(reach, "person_id")


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
            models.UniqueConstraint(
                fields=("pupil", "order"),
                name="one_guardian_per_place",
                violation_error_message=_("未能保存：这名学生的这一位监护人已经登记。请更改原有的一位。"),
            ),
            models.UniqueConstraint(
                fields=("pupil", "guardian"),
                name="one_link_per_guardian",
                violation_error_message=_("未能保存：这位监护人已经登记在这名学生名下。请更改原有的一位。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.guardian_id}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The links of pupils in reach."""
        enrolled = Enrolment.unguarded.filter(Enrolment.rows_in(reach))
        return Q(pupil__in=enrolled.order_by().values("person_id"))
