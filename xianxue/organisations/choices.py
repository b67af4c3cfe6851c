"""Enumerations that the program itself depends on; everything else is a code list, which is data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """Levels of the tree."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县")
    OFFICE = "office", _("科室")
    SCHOOL = "school", _("学校")
    KINDERGARTEN = "kindergarten", _("幼儿园")
    CLASSROOM = "class", _("班级")


SCHOOL_KINDS = (UnitKind.SCHOOL, UnitKind.KINDERGARTEN)
BUREAU_KINDS = (UnitKind.PROVINCE, UnitKind.CITY, UnitKind.COUNTY)


class Stage(models.TextChoices):
    """Stages of schooling; the length in years is in `STAGE_YEARS`."""

    KINDERGARTEN = "kindergarten", _("学前")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("普通高中")
    VOCATIONAL = "vocational", _("中等职业")


STAGE_YEARS = {
    Stage.KINDERGARTEN: 3,
    Stage.PRIMARY: 6,
    Stage.JUNIOR: 3,
    Stage.SENIOR: 3,
    Stage.VOCATIONAL: 3,
}
GRADE_NAMES = {
    Stage.KINDERGARTEN: ("小班", "中班", "大班"),
    Stage.PRIMARY: ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    Stage.JUNIOR: ("七年级", "八年级", "九年级"),
    Stage.SENIOR: ("高一", "高二", "高三"),
    Stage.VOCATIONAL: ("职一", "职二", "职三"),
}


class Ownership(models.TextChoices):
    """Who runs a school."""

    PUBLIC = "public", _("公办")
    PRIVATE = "private", _("民办")


class Locality(models.TextChoices):
    """Where a school stands, as the statistics count it."""

    URBAN = "urban", _("城区")
    TOWN = "town", _("镇区")
    RURAL = "rural", _("乡村")


class OwnerLevel(models.TextChoices):
    """Who owns a code list and may change it."""

    NATION = "nation", _("国家")
    PROVINCE = "province", _("省")
    COUNTY = "county", _("县")
    SCHOOL = "school", _("学校")


class Season(models.TextChoices):
    """The two terms of a school year."""

    AUTUMN = "autumn", _("秋季学期")
    SPRING = "spring", _("春季学期")
