"""The tree of units, school years and terms, the calendar's exceptions, code lists."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.choices import (
    GRADE_NAMES,
    Locality,
    OwnerLevel,
    Ownership,
    Season,
    Stage,
    UnitKind,
)

if TYPE_CHECKING:
    from datetime import date


class Unit(ReachModel):
    """A node of the tree province > city > county > office | school | kindergarten > class.

    `path` holds the primary keys from the root down, as `/1/2/17/`; commands keep it.
    `code` is GB/T 2260 for areas, the 10-digit 学校（机构）标识码 for schools, empty for classes.
    """

    kind = models.CharField(_("类别"), max_length=12, choices=UnitKind)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20, blank=True)
    code = models.CharField(_("代码"), max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级"))
    path = models.CharField(_("路径"), max_length=100, db_index=True)
    opened_on = models.DateField(_("设立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    reach_fields = ("pk",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("机构")
        constraints = (
            models.UniqueConstraint(
                fields=("code",),
                condition=~Q(code=""),
                name="one_unit_per_code",
                violation_error_message=_("未能保存：这个学校（机构）标识码已经是另一个单位的。请核对标识码。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="unit_closes_after_it_opens",
                violation_error_message=_("未能保存：撤销日期早于设立日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Short name where there is one."""
        return self.short_name or self.name


class School(ReachModel):
    """What is particular to a school or kindergarten; `pk` is the unit's.

    `school_type` (办学类型) is kept apart from the code: the code's first two digits are frozen at its birth.
    """

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="school", verbose_name=_("机构"))
    school_type = models.CharField(_("办学类型"), max_length=4)
    ownership = models.CharField(_("举办者"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    locality = models.CharField(_("城乡类型"), max_length=8, choices=Locality)
    stages = models.CharField(_("学段"), max_length=60, help_text=_("以逗号分隔"))
    township = models.CharField(_("所在乡镇"), max_length=20, blank=True)
    is_boarding = models.BooleanField(_("是否寄宿"), default=False)
    address = models.CharField(_("地址"), max_length=100, blank=True)
    head_name = models.CharField(_("负责人"), max_length=30, blank=True)
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)

    reach_fields = ("pk",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("学校")

    def __str__(self) -> str:
        return self.unit.name

    @property
    def stage_list(self) -> list[str]:
        """Stages taught, in order."""
        return [stage for stage in self.stages.split(",") if stage]

    @property
    def stage_names(self) -> str:
        """Stages taught, as people write them: 小学、初中."""
        return "、".join(str(Stage(stage).label) for stage in self.stage_list)


class Classroom(ReachModel):
    """A class: it carries its cohort (入学年份), so that moving up is no mass update; `pk` is the unit's."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="classroom", verbose_name=_("机构")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="classrooms", verbose_name=_("学校"))
    stage = models.CharField(_("学段"), max_length=12, choices=Stage)
    cohort_year = models.PositiveSmallIntegerField(_("入学年份"))
    number = models.PositiveSmallIntegerField(_("班号"))
    nickname = models.CharField(_("班级名称"), max_length=30, blank=True)
    head_teacher = models.CharField(_("班主任"), max_length=30, blank=True)
    head_teacher_no = models.CharField(_("班主任工号"), max_length=20, blank=True)
    room = models.CharField(_("教室"), max_length=20, blank=True)

    reach_fields = ("pk", "school_id")

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("班级")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "stage", "cohort_year", "number"),
                name="one_class_per_cohort_and_number",
                violation_error_message=_(
                    "未能保存：这所学校的这一届已有同一班号的班级。请改用别的班号，或更改原有的班级。"
                ),
            ),
        )

    def __str__(self) -> str:
        return self.nickname or f"{self.cohort_year} 级（{self.number}）班"

    def name_on(self, day: "date") -> str:
        """Name as people say it on a day: 五年级（1）班; the cohort's name once the class has left."""
        return class_name(self.stage, self.cohort_year, self.number, day)


def grade_of_cohort(cohort_year: int, day: "date") -> int:
    """Grade on a day, counted from 1. The school year starts on 1 September (common practice)."""
    school_year = day.year if day.month >= 9 else day.year - 1
    return school_year - cohort_year + 1


def grade_name(stage: str, cohort_year: int, day: "date") -> str:
    """Name of the grade on a day, or the cohort where it is not (or no longer) in the stage."""
    names = GRADE_NAMES[Stage(stage)]
    grade = grade_of_cohort(cohort_year, day)
    if 1 <= grade <= len(names):
        return names[grade - 1]
    return str(_("%(year)s 级")) % {"year": cohort_year}


def class_name(stage: str, cohort_year: int, number: int, day: "date") -> str:
    """五年级（1）班."""
    return f"{grade_name(stage, cohort_year, day)}（{number}）班"


class SchoolYear(models.Model):
    """A school year, named after the calendar year in which it starts."""

    start_year = models.PositiveSmallIntegerField(
        _("起始年份"), unique=True, error_messages={"unique": _("未能保存：这个学年已经登记。请更改原有的学年。")}
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("学年")
        ordering = ("-start_year",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="school_year_ends_after_it_starts",
                violation_error_message=_("未能保存：学年的结束日期须晚于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.start_year}–{self.start_year + 1} 学年"


class Term(models.Model):
    """One of the two terms of a school year; `count_day` is the day on which pupils are counted."""

    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="terms", verbose_name=_("学年"))
    season = models.CharField(_("学期"), max_length=8, choices=Season)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    count_day = models.DateField(_("统计日"))

    class Meta:
        verbose_name = verbose_name_plural = _("学期")
        ordering = ("-starts_on",)
        constraints = (
            models.UniqueConstraint(
                fields=("year", "season"),
                name="one_term_per_season",
                violation_error_message=_("未能保存：这个学年已有同一季的学期。请更改原有的学期。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="term_ends_after_it_starts",
                violation_error_message=_("未能保存：学期的结束日期须晚于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        """Named as offices do: the spring term of the school year 2023 is 2024 年春季学期."""
        year = self.year.start_year + (1 if self.season == Season.SPRING else 0)
        return f"{year} 年{self.get_season_display()}"

    @property
    def code(self) -> str:
        """2024-autumn, 2025-spring: stable name for files and parameters."""
        return f"{self.year.start_year + (1 if self.season == Season.SPRING else 0)}-{self.season}"


class DayOverride(models.Model):
    """A day that the county calls working or free against the published calendar (调休, 停课)."""

    day = models.DateField(
        _("日期"), unique=True, error_messages={"unique": _("未能保存：这一天的工作日安排已经登记。请更改原有的一条。")}
    )
    is_working_day = models.BooleanField(_("是否工作日"))
    reason = models.CharField(_("原因"), max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = _("日历调整")
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.reason}"


class CodeList(models.Model):
    """A list of codes with its owner and source, such as GB/T 3304 for ethnic groups."""

    code = models.SlugField(
        _("代码"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("未能保存：这个代码已经是另一份代码表的。请改用别的代码。")},
    )
    label = models.CharField(_("名称"), max_length=40)
    owner_level = models.CharField(_("归口"), max_length=8, choices=OwnerLevel, default=OwnerLevel.NATION)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代码表")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.label


class Code(models.Model):
    """One code with its dates; `synonyms` are spellings that workbooks use, separated by a vertical bar."""

    code_list = models.ForeignKey(CodeList, models.PROTECT, related_name="codes", verbose_name=_("代码表"))
    value = models.CharField(_("代码值"), max_length=20)
    label = models.CharField(_("含义"), max_length=40)
    synonyms = models.CharField(_("其他写法"), max_length=200, blank=True)
    order = models.PositiveIntegerField(_("次序"), default=0)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代码")
        ordering = ("code_list", "order", "value")
        constraints = (
            models.UniqueConstraint(
                fields=("code_list", "value"),
                name="one_code_per_value",
                violation_error_message=_("未能保存：这份代码表里已有同一个代码。请改用别的代码，或更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return self.label
