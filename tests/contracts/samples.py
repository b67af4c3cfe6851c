"""One sample a register: how its rows are made, and the cells of a new one. A register without one fails the suite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from tests.cast import Cast
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import (
    ClassroomFactory,
    CodeFactory,
    CodeListFactory,
    DayOverrideFactory,
    SchoolFactory,
    SchoolYearFactory,
    TermFactory,
)
from xianxue.organisations.models import School

Maker = Callable[[Cast, School, int], Model]


@dataclass(frozen=True)
class Sample:
    """`make(cast, school, number)` makes a row that belongs to the school, a different one for every number.

    `cells`: cell text of a new row, by column of the sheet, as a school or the bureau would write it.
    `changed`: cells that turn that row into another state. `wrong`: a cell that must be refused, as (column, text).
    """

    make: Maker
    cells: Mapping[str, str] | Callable[[Cast], Mapping[str, str]] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, str] = ("", "")

    def cells_for(self, cast: Cast) -> Mapping[str, str]:
        """The cells of a new row, which may name places of the cast."""
        return self.cells(cast) if callable(self.cells) else self.cells


def _posting(cast: Cast, school: School, number: int) -> Any:
    return PostingFactory(
        user__name=f"任职{number}", role="registrar", unit=school.unit, started_on=date(2021, 9, number + 1)
    )


SAMPLES: dict[str, Sample] = {
    "users": Sample(lambda _cast, _school, number: UserFactory(username=f"sample{number}", name=f"样例{number}")),
    "postings": Sample(_posting),
    "schools": Sample(
        lambda cast, school, number: (
            school if number == 0 else SchoolFactory(name=f"分校{number}", parent=cast.county, stages="primary")
        )
    ),
    "classes": Sample(
        lambda _cast, school, number: ClassroomFactory(school=school, number=20 + number, head_teacher="钱老师")
    ),
    "school-years": Sample(
        lambda _cast, _school, number: SchoolYearFactory(start_year=2010 + number),
        cells={"start_year": "2030", "starts_on": "2030-09-01", "ends_on": "2031-08-31"},
        changed={"ends_on": "2031-08-30"},
        wrong=("ends_on", "2030-08-31"),
    ),
    "terms": Sample(
        lambda _cast, _school, number: TermFactory(year=SchoolYearFactory(start_year=2010 + number)),
        cells={
            "year": "2024",
            "season": "春季学期",
            "starts_on": "2025-02-16",
            "ends_on": "2025-07-05",
            "count_day": "2025-03-31",
        },
        changed={"count_day": "2025-04-01"},
        wrong=("count_day", "2025-12-31"),
    ),
    "calendar": Sample(
        lambda _cast, _school, number: DayOverrideFactory(day=date(2024, 11, number + 1), reason=f"原因{number}"),
        cells={"day": "2024-10-12", "is_working_day": "是", "reason": "国庆调休"},
        changed={"reason": "国庆节调休"},
        wrong=("day", "2024-02-30"),
    ),
    "code-lists": Sample(
        lambda _cast, _school, number: CodeListFactory(code=f"sample-{number}", label=f"样表{number}")
    ),
    "codes": Sample(
        lambda _cast, _school, number: CodeFactory(value=f"S{number}", label=f"样例代码{number}"),
        cells={"code_list": "学科", "value": "T99", "label": "试验学科", "order": "999"},
        changed={"label": "实验学科"},
        wrong=("code_list", "没有这张表"),
    ),
}
