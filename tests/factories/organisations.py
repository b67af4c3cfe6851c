"""Units, schools, classes, terms."""

from datetime import date
from typing import Any

import factory

from tests.factories.base import RowFactory
from xianxue.organisations.choices import Locality, Season, Stage, UnitKind
from xianxue.organisations.models import Classroom, Code, CodeList, DayOverride, School, SchoolYear, Term, Unit


class UnitFactory(RowFactory[Unit]):
    """An office at the root, unless told otherwise; the path follows from the parent."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    kind = UnitKind.OFFICE
    name = factory.Sequence(lambda number: f"第 {number} 科室")
    parent = None
    path = "/"

    @factory.post_generation
    def _path(self: Unit, create: bool, extracted: Any, **_kwargs: Any) -> None:
        if create:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            Unit.unguarded.filter(pk=self.pk).update(path=self.path)


class CountyFactory(UnitFactory):
    """A county."""

    kind = UnitKind.COUNTY
    name = "测试县"
    code = factory.Sequence(lambda number: f"{990000 + number}")


class SchoolFactory(RowFactory[School]):
    """A public primary school in the county town; `code`, `name` and `parent` are passed on to the unit."""

    class Meta:
        model = School

    class Params:
        name = factory.Sequence(lambda number: f"第 {number} 小学")
        code = factory.Sequence(lambda number: f"2136{number:06d}")
        parent = None
        kind = UnitKind.SCHOOL

    unit = factory.SubFactory(
        UnitFactory,
        kind=factory.SelfAttribute("..kind"),
        name=factory.SelfAttribute("..name"),
        code=factory.SelfAttribute("..code"),
        parent=factory.SelfAttribute("..parent"),
        opened_on=date(1990, 9, 1),
    )
    school_type = "211"
    locality = Locality.URBAN
    stages = Stage.PRIMARY


class ClassroomFactory(RowFactory[Classroom]):
    """Class 1, 2, … of the cohort of 2024 in a primary school."""

    class Meta:
        model = Classroom

    school = factory.SubFactory(SchoolFactory)
    stage = Stage.PRIMARY
    cohort_year = 2024
    number = factory.Sequence(lambda number: number + 1)
    unit = factory.SubFactory(
        UnitFactory,
        kind=UnitKind.CLASSROOM,
        name=factory.LazyAttribute(
            lambda unit: f"{unit.factory_parent.cohort_year} 级（{unit.factory_parent.number}）班"
        ),
        parent=factory.SelfAttribute("..school.unit"),
    )


class SchoolYearFactory(RowFactory[SchoolYear]):
    """The school year 2024."""

    class Meta:
        model = SchoolYear
        django_get_or_create = ("start_year",)

    start_year = 2024
    starts_on = factory.LazyAttribute(lambda year: date(year.start_year, 9, 1))
    ends_on = factory.LazyAttribute(lambda year: date(year.start_year + 1, 8, 31))


class TermFactory(RowFactory[Term]):
    """The autumn term of 2024."""

    class Meta:
        model = Term

    year = factory.SubFactory(SchoolYearFactory)
    season = Season.AUTUMN
    starts_on = date(2024, 9, 1)
    ends_on = date(2025, 1, 17)
    count_day = date(2024, 9, 30)


class DayOverrideFactory(RowFactory[DayOverride]):
    """A day on which the county's offices are closed."""

    class Meta:
        model = DayOverride

    day = date(2024, 10, 14)
    is_working_day = False
    reason = "停课"


class CodeListFactory(RowFactory[CodeList]):
    """A code list of the county."""

    class Meta:
        model = CodeList
        django_get_or_create = ("code",)

    code = "sample"
    label = "样表"
    owner_level = "county"


class CodeFactory(RowFactory[Code]):
    """One code of it."""

    class Meta:
        model = Code

    code_list = factory.SubFactory(CodeListFactory)
    value = factory.Sequence(lambda number: f"C{number}")
    label = "样例"


def free_number(school: School, wanted: int) -> int:
    """The first number from the wanted one that no class of the school has."""
    taken = set(Classroom.unguarded.filter(school=school).values_list("number", flat=True))
    return next(number for number in range(wanted, wanted + 1_000) if number not in taken)
