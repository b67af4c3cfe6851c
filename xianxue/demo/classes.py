"""The classes of an invented county: how many children sit where."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from xianxue.demo.plan import Plan, SchoolPlan, shared_out
from xianxue.organisations.choices import GRADE_NAMES, STAGE_YEARS, Stage

# Above this a class would count as 超大班额, which no longer exists (国发〔2016〕40号 asked for none by 2020).
LARGEST_CLASS: Final = 65
FIRST_DAY: Final = (9, 1)


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """One class of the autumn term; `cohort` is the year in which it entered the stage."""

    school: SchoolPlan
    stage: str
    cohort: int
    number: int
    size: int

    @property
    def entered_on(self) -> date:
        """Return the day on which the class came to this school."""
        return max(date(self.cohort, *FIRST_DAY), self.school.opened)

    def grade(self, year: int) -> str:
        """Return the grade's name in the school year that starts in `year`."""
        return GRADE_NAMES[Stage(self.stage)][year - self.cohort]


def plan_classes(plan: Plan) -> list[SchoolClass]:
    """Return the classes of every school, in the order of the plan."""
    classes: list[SchoolClass] = []
    for school in plan.schools:
        random = Random(f"{plan.seed}/classes/{school.code}")
        for stage, pupils in school.pupils.items():
            classes += _of_stage(plan, school, stage, pupils, random)
    return classes


def _of_stage(plan: Plan, school: SchoolPlan, stage: str, pupils: int, random: Random) -> list[SchoolClass]:
    years = STAGE_YEARS[Stage(stage)]
    by_grade = shared_out(pupils, [random.uniform(0.94, 1.06) for _ in range(years)], least=min(2, pupils // years))
    return [
        SchoolClass(school, stage, plan.year - grade, number, size)
        for grade, in_grade in enumerate(by_grade)
        for number, size in enumerate(_sizes(in_grade, school.class_size, random), start=1)
    ]


def _sizes(pupils: int, aim: int, random: Random) -> list[int]:
    count = max(1, round(pupils / aim))
    while pupils / count > LARGEST_CLASS - 2:
        count += 1
    return [min(size, LARGEST_CLASS) for size in shared_out(pupils, [random.uniform(0.97, 1.03) for _ in range(count)])]
