"""Registers of organisations: schools, classes, school years, terms, the calendar, code lists."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import everyone_signed_in
from xianxue.kernel.columns import Code as CodeType
from xianxue.kernel.columns import Column, Date, Integer, Name, Phone, Text, YesNo
from xianxue.kernel.resources import Fields, Filter, History, Register, Related, choice, register
from xianxue.organisations.access import KEEPS_CALENDAR
from xianxue.organisations.choices import GRADE_NAMES, SCHOOL_KINDS, Stage
from xianxue.organisations.models import Classroom, Code, CodeList, DayOverride, School, SchoolYear, Term
from xianxue.organisations.rules import cohort_of_grade, grade_of_code
from xianxue.organisations.selectors import classrooms_of, list_referents, reference_day, school_referents
from xianxue.organisations.sheets import calendar, schools

NAME = Column("name", _("名称"), Text(20))


def _schools() -> Iterable[tuple[str, str]]:
    return ((str(item.pk), item.label) for item in school_referents())


def _teaches(stage: str) -> Q:
    return Q(stages__contains=stage)


@register
class SchoolRegister(Register):
    """Schools and kindergartens."""

    code, model, label, counter = "schools", School, _("学校"), _("所")
    system, menu_order = "schools", 10
    columns = (
        Column("name", _("名称"), Name(), path="unit__name"),
        Column("code", _("学校（机构）标识码"), Text(10), path="unit__code"),
        Column("short_name", _("简称"), Text(20), path="unit__short_name"),
        Column("school_type", _("办学类型"), CodeType("school_type")),
        Column("stages", _("学段"), Text(60), path="stage_names"),
        Column("ownership", _("举办者"), CodeType("ownership")),
        Column("locality", _("城乡类型"), CodeType("locality")),
        Column("township", _("所在乡镇"), Text(20)),
        Column("is_boarding", _("是否寄宿"), YesNo()),
        Column("head_name", _("负责人"), Name()),
        Column("phone", _("联系电话"), Phone()),
        Column("address", _("地址"), Text(100)),
        Column("opened_on", _("设立日期"), Date(), path="unit__opened_on"),
        Column("closed_on", _("撤销日期"), Date(), path="unit__closed_on"),
    )
    list_columns = ("name", "code", "school_type", "stages", "ownership", "locality", "township", "head_name")
    search = ("unit__name", "unit__short_name", "unit__code")
    search_label = _("校名、简称、标识码")
    sheet = "schools"
    filters = (
        choice("kind", _("类别"), "unit__kind", lambda: [(kind.value, str(kind.label)) for kind in SCHOOL_KINDS]),
        Filter("stage", _("学段"), _teaches, lambda: [(stage.value, str(stage.label)) for stage in Stage]),
        "ownership",
        "locality",
        "school_type",
        "township",
    )
    order = ("unit__code",)
    view, change = everyone_signed_in, schools.SCHOOLS.writer.grant
    panels = (
        Fields(),
        Related(
            title=_("班级"),
            rows=classrooms_of,
            columns=(
                Column("name", _("班级"), Text(30), path="name_now"),
                Column("cohort_year", _("入学年份"), Text(4)),
                Column("head_teacher", _("班主任"), Name()),
            ),
            register="classes",
        ),
        History(),
    )

    def title(self, row: School) -> str:
        return row.unit.name

    def hint(self, row: School) -> str:
        return row.unit.code

    def note(self, row: School) -> str:
        return row.unit.code

    def subjects(self, row: School) -> Sequence[tuple[str, int]]:
        return (("organisations.school", row.pk), ("organisations.unit", row.pk))


def _grades() -> Iterable[tuple[str, str]]:
    return ((f"{stage}{number}", name) for stage in Stage for number, name in enumerate(GRADE_NAMES[stage], 1))


def _in_grade(value: str) -> Q:
    stage, grade = grade_of_code(value)
    return Q(stage=stage, cohort_year=cohort_of_grade(grade, reference_day()))


@register
class ClassRegister(Register):
    """Classes, by the cohort that sits in them."""

    code, model, label, counter = "classes", Classroom, _("班级"), _("个")
    system, menu_order = "schools", 20
    columns = (
        Column("name", _("班级"), Text(30), path="name_now"),
        Column("school", _("学校"), Name(), path="school__unit__name"),
        Column("stage", _("学段"), CodeType("stage")),
        Column("cohort_year", _("入学年份"), Text(4)),
        Column("number", _("班号"), Integer()),
        Column("nickname", _("班级名称"), Text(30)),
        Column("head_teacher", _("班主任"), Name()),
        Column("head_teacher_no", _("班主任工号"), Text(20)),
        Column("room", _("教室"), Text(20)),
    )
    list_columns = ("name", "school", "stage", "cohort_year", "head_teacher", "room")
    search = ("school__unit__name", "nickname", "head_teacher")
    search_label = _("学校、班级名称、班主任")
    sheet = "classes"
    filters = (
        choice("school", _("学校"), "school_id", _schools),
        Filter("grade", _("年级"), _in_grade, _grades),
        "stage",
        "cohort_year",
    )
    sort_paths = {"name": ("stage", "-cohort_year", "number")}
    order = ("school__unit__code", "stage", "-cohort_year", "number")
    view, change = everyone_signed_in, schools.CLASSES.writer.grant
    in_search = False
    annotations = ("name_now",)

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        day = on or reference_day()
        for row in rows:
            row.name_now = row.name_on(day)

    def title(self, row: Any) -> str:
        return f"{row.school.unit.shown_name} {row.name_now}"

    def subjects(self, row: Classroom) -> Sequence[tuple[str, int]]:
        return (("organisations.classroom", row.pk), ("organisations.unit", row.pk))


@register
class SchoolYearRegister(Register):
    """School years."""

    code, model, label, counter = "school-years", SchoolYear, _("学年"), _("个")
    system, menu_order = "settings", 110
    columns = (NAME, *calendar.SCHOOL_YEAR)
    order = ("-start_year",)
    sort_paths = {"name": ("start_year",)}
    view, change, sheet = everyone_signed_in, KEEPS_CALENDAR, "school-years"
    annotations = ("name",)
    panels = (
        Fields(),
        Related(
            title=_("学期"),
            rows=lambda year: year.terms.select_related("year"),
            columns=(NAME, *calendar.TERM[2:]),
            register="terms",
        ),
        History(),
    )

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        for row in rows:
            row.name = str(row)


@register
class TermRegister(Register):
    """Terms."""

    code, model, label, counter = "terms", Term, _("学期"), _("个")
    system, menu_order = "settings", 120
    columns = (NAME, *calendar.TERM[1:])
    sort_paths = {"name": ("starts_on",)}
    filters = ("season", "starts_on")
    order = ("-starts_on",)
    view, change, sheet = everyone_signed_in, KEEPS_CALENDAR, "terms"
    annotations = ("name",)

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("year")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        for row in rows:
            row.name = str(row)


@register
class CalendarRegister(Register):
    """Days that the county calls working or free against the published calendar."""

    code, model, label, counter = "calendar", DayOverride, _("日历调整"), _("天")
    system, menu_order = "settings", 130
    columns = calendar.DAY
    search, search_label = ("reason",), _("原因")
    filters = ("is_working_day", "day")
    order = ("-day",)
    view, change, sheet = everyone_signed_in, KEEPS_CALENDAR, "calendar"
    in_search = False


@register
class CodeListRegister(Register):
    """Lists of codes with owner and source; they come with the release."""

    code, model, label, counter = "code-lists", CodeList, _("代码表"), _("张")
    system, menu_order = "settings", 140
    columns = (
        Column("label", _("名称"), Name()),
        Column("code", _("代码"), Text(40)),
        Column("owner_level", _("归口"), CodeType("owner_level")),
        Column("source", _("来源"), Text(120)),
        Column("version", _("版本"), Text(20)),
    )
    search, search_label = ("label", "code"), _("名称、代码")
    filters = ("owner_level",)
    order = ("code",)
    view = everyone_signed_in
    in_search = False
    panels = (
        Fields(),
        Related(
            title=_("代码"),
            rows=lambda code_list: code_list.codes.order_by("order", "value"),
            columns=calendar.CODE[1:],
            register="codes",
            limit=500,
        ),
        History(),
    )


def _code_lists() -> Iterable[tuple[str, str]]:
    return ((str(item.pk), item.label) for item in list_referents())


@register
class CodeRegister(Register):
    """Single codes; the county adds its own and ends those no longer given."""

    code, model, label, counter = "codes", Code, _("代码"), _("项")
    system, menu_order = "settings", 150
    columns = (
        Column("label", _("含义"), Text(40)),
        Column("code_list", _("代码表"), Name(), path="code_list__label"),
        *(column for column in calendar.CODE if column.name not in {"label", "code_list"}),
    )
    search, search_label = ("label", "value"), _("含义、代码值")
    filters = (
        choice("list", _("代码表"), "code_list_id", _code_lists),
        "valid_to",
    )
    order = ("code_list__code", "order", "value")
    view, change, sheet = everyone_signed_in, KEEPS_CALENDAR, "codes"
    in_search = False
