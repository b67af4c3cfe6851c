"""What the matters of entry and transfer are about, and the look-ups that found nobody."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.ui import formats
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.choices import MissingPaper, ObjectionGround, TransferKind, TransferReason
from xianxue.people.models.about import ChildMatter
from xianxue.people.models.enrolments import Enrolment
from xianxue.people.models.persons import Person


class Transfer(ChildMatter):
    """One child's change of school: within the county, out of it, into it, or the correction of a mistaken one.

    `enrolment` is the episode that ends, `new_enrolment` the one that begins. `cells` holds, until it is approved, the
    sheet's row of a child who comes from outside; `number` is the 学籍号 by which the child was named when it was opened.
    A child has one open transfer.
    """

    follows_child = False

    kind = models.CharField(_("转学类别"), max_length=10, choices=TransferKind)
    pupil = models.ForeignKey(Person, models.PROTECT, null=True, related_name="transfers", verbose_name=_("学生"))
    pupil_name = models.CharField(_("姓名"), max_length=60)
    number = SealedTextField(_("学籍号"), blank=True)
    from_school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+", verbose_name=_("转出学校"))
    to_school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+", verbose_name=_("转入学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+", verbose_name=_("原学籍"))
    new_enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="+", verbose_name=_("新学籍"))
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("所更正的转学"))
    reason = models.CharField(_("转学原因"), max_length=12, choices=TransferReason, blank=True)
    ground = models.CharField(_("异议理由"), max_length=12, choices=ObjectionGround, blank=True)
    moved_on = models.DateField(_("转学日期"), null=True, blank=True)
    place_name = models.CharField(_("对方所在地"), max_length=60, blank=True)
    place_code = models.CharField(_("对方行政区划代码"), max_length=6, blank=True)
    other_school = models.CharField(_("对方学校"), max_length=60, blank=True)
    letter_no = models.CharField(_("联系函编号"), max_length=40, blank=True)
    national_no = models.CharField(_("国家系统业务号"), max_length=40, blank=True)
    accepted_on = models.DateField(_("对方接收日期"), null=True, blank=True)
    acceptance_no = models.CharField(_("对方接收编号"), max_length=40, blank=True)
    cells = SealedTextField(_("学生信息"), blank=True)

    class Meta(ChildMatter.Meta):
        verbose_name = verbose_name_plural = _("转学")
        constraints = (
            models.UniqueConstraint(
                fields=("pupil",),
                condition=Q(is_open=True),
                name="one_open_transfer_per_pupil",
                violation_error_message=_("未能提出：这名学生已有在办的转学。请先办完或撤回原有的一件。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """Who goes where; the schools' names only as far as both sides know them when it is opened."""
        names = {"name": self.pupil_name}
        if self.kind == TransferKind.WITHIN:
            return _t("%(name)s 转入%(school)s") % {**names, "school": self.to_school}
        if self.kind == TransferKind.OUT:
            return _t("%(name)s 转往%(place)s") % {**names, "place": self.place_name}
        if self.kind == TransferKind.IN:
            return _t("%(name)s 从%(place)s转入") % {**names, "place": self.place_name}
        return _t("%(name)s 转学更正") % names

    def parties(self) -> dict[str, int]:
        """The county, and the schools that the kind of transfer has."""
        sides = {"sending": self.from_school_id, "receiving": self.to_school_id}
        if self.kind == TransferKind.CORRECTION:
            sides["sending"] = None
        return {"county": self.county_id} | {place: unit for place, unit in sides.items() if unit is not None}

    def facts(self) -> list[tuple[Any, str]]:
        """What every party may know: what the opening school was told, and what was decided since."""
        number = f"{self.number[:1]}{'•' * 14}{self.number[-4:]}" if self.number else ""
        grade = self.new_enrolment.classroom if self.new_enrolment_id and self.new_enrolment else None
        found = [
            (_("姓名"), self.pupil_name),
            (_("学籍号"), number),
            (_("转出学校"), str(self.from_school or "")),
            (_("转入学校"), str(self.to_school or "")),
            (_("对方所在地"), f"{self.place_name} {self.place_code}".strip()),
            (_("对方学校"), self.other_school),
            (_("转学原因"), self.get_reason_display() if self.reason else ""),
            (_("异议理由"), self.get_ground_display() if self.ground else ""),
            (_("联系函编号"), self.letter_no),
            (_("国家系统业务号"), self.national_no),
            (_("对方接收"), f"{formats.china_date(self.accepted_on, year='always')} {self.acceptance_no}".strip()),
            (_("转学日期"), formats.china_date(self.moved_on, year="always")),
            (_("编入班级"), grade.name_on(self.moved_on) if grade and self.moved_on else ""),
        ]
        return [(label, text) for label, text in found if text]


class Entry(ChildMatter):
    """A single child's entry into a school, not by roster: enrolled at once, confirmed by another person.

    `missing` lists, by code and comma, what the record still lacks, to be brought until `missing_until`.
    """

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="entries", verbose_name=_("学生"))
    pupil_name = models.CharField(_("姓名"), max_length=60)
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("学籍"))
    was_known = models.BooleanField(_("是否接续原档案"), default=False)
    missing = models.CharField(_("待补材料"), max_length=120, blank=True)
    missing_until = models.DateField(_("补齐期限"), null=True, blank=True)

    class Meta(ChildMatter.Meta):
        verbose_name = verbose_name_plural = _("入学登记")
        constraints = (
            models.UniqueConstraint(
                fields=("pupil",),
                condition=Q(is_open=True),
                name="one_open_entry_per_pupil",
                violation_error_message=_("未能提出：这名学生已有在办的入学。请先办完或撤回原有的一件。"),
            ),
            models.CheckConstraint(
                condition=Q(missing="") | Q(missing_until__isnull=False),
                name="what_is_missing_has_a_limit",
                violation_error_message=_("未能保存：缺少材料的，须写明补齐的期限。请补填期限。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """The child."""
        return _t("%(name)s 入学登记") % {"name": self.pupil_name}

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.school_id, "county": self.county_id}

    @property
    def missing_list(self) -> list[str]:
        """What is missing, by code."""
        return [code for code in self.missing.split(",") if code]

    def facts(self) -> list[tuple[Any, str]]:
        """The child, the class, and what is missing until when."""
        room: Classroom | None = self.enrolment.classroom
        entered = self.enrolment.entered_on
        found = [
            (_("姓名"), self.pupil_name),
            (_("学校"), str(self.school)),
            (_("学段"), str(Stage(self.enrolment.stage).label)),
            (_("班级"), room.name_on(entered) if room else _t("未编班")),
            (_("入学日期"), formats.china_date(entered, year="always")),
            (_("档案"), _t("接续原有档案") if self.was_known else _t("新建档案")),
            (_("待补材料"), "、".join(str(MissingPaper(code).label) for code in self.missing_list)),
            (_("补齐期限"), formats.china_date(self.missing_until, year="always") if self.missing else ""),
        ]
        return [(label, text) for label, text in found if text]


class LookupFailure(models.Model):
    """A child asked for and not found; the number as a keyed digest. Too many in a day, and the person must wait."""

    user_id = models.BigIntegerField(_("查询人编号"))
    unit_id = models.BigIntegerField(_("查询单位编号"))
    number_digest = models.CharField(_("号码摘要"), max_length=32)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("未查到学生的查询")
        indexes = (models.Index(fields=("user_id", "at"), name="lookups_of_person"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"
