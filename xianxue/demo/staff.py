"""The staff of an invented county."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from xianxue.demo.identity import IdNumbers
from xianxue.demo.names import name_book
from xianxue.demo.plan import Plan, SchoolPlan, shared_out

# Pupils for each member of staff, as the staffing norms by stage have it in the main.
_PUPILS_PER_STAFF: Final = {"kindergarten": 9.0, "primary": 18.5, "junior": 13.5, "senior": 12.5, "vocational": 17.0}
_SPECIAL_SCHOOL: Final = "514"
_PUPILS_PER_STAFF_SPECIAL: Final = 4.5
_SUBJECTS: Final = {
    "kindergarten": (("学前教育", 1),),
    "primary": (
        ("语文", 34),
        ("数学", 28),
        ("英语", 9),
        ("道德与法治", 4),
        ("科学", 5),
        ("体育与健康", 7),
        ("音乐", 5),
        ("美术", 5),
        ("信息科技", 3),
    ),
    "junior": (
        ("语文", 18),
        ("数学", 18),
        ("英语", 17),
        ("物理", 8),
        ("化学", 6),
        ("生物学", 5),
        ("历史", 6),
        ("地理", 5),
        ("道德与法治", 7),
        ("体育与健康", 5),
        ("音乐", 2),
        ("美术", 2),
        ("信息科技", 1),
    ),
    "senior": (
        ("语文", 17),
        ("数学", 17),
        ("英语", 16),
        ("物理", 10),
        ("化学", 9),
        ("生物学", 8),
        ("历史", 7),
        ("地理", 6),
        ("道德与法治", 7),
        ("体育与健康", 3),
    ),
    "vocational": (("语文", 12), ("数学", 12), ("英语", 9), ("专业课", 58), ("体育与健康", 5), ("道德与法治", 4)),
}
_LEADERS: Final = (("校（园）长", 1), ("书记", 1), ("副校（园）长", 2))
_OTHERS: Final = ("教辅", "行政", "工勤")


@dataclass(frozen=True, slots=True)
class Employee:
    """A member of staff, as far as the rest of the county needs to know."""

    school: SchoolPlan
    staff_no: str
    name: str
    male: bool
    born: date
    id_number: str
    phone: str
    post: str
    stage: str
    subject: str
    teaches: bool
    group: str


class StaffRoom:
    """Invents the staff of a county; numbers and telephones come from the county's own supply."""

    def __init__(self, plan: Plan, ids: IdNumbers, phones: Iterator[str]) -> None:
        self._plan, self._ids, self._phones = plan, ids, phones
        self._random = Random(f"{plan.seed}/staff")

    def invent(self) -> list[Employee]:
        """Return everybody, school by school: leaders first, then teachers, then the others."""
        weights = [_need(school) for school in self._plan.schools]
        counts = self._plan.counts
        teachers = shared_out(counts.teachers, weights, least=2)
        others = shared_out(counts.staff - sum(teachers), weights, least=1)
        return [
            employee
            for school, teaching, other in zip(self._plan.schools, teachers, others, strict=True)
            for employee in self._of_school(school, teaching, other)
        ]

    def _of_school(self, school: SchoolPlan, teaching: int, other: int) -> Iterator[Employee]:
        leaders = [post for post, count in _LEADERS for _ in range(count)]
        helpers = ("保育员",) if "kindergarten" in school.pupils else _OTHERS
        posts = [*leaders[:other], *(helpers[at % len(helpers)] for at in range(other - len(leaders)))]
        stages = list(school.pupils)
        parts = shared_out(teaching, [school.pupils[stage] for stage in stages])
        jobs = [(post, "", "", False) for post in posts]
        for stage, part in zip(stages, parts, strict=True):
            names, chances = zip(*_SUBJECTS[stage], strict=True)
            jobs += [("专任教师", stage, subject, True) for subject in self._random.choices(names, chances, k=part)]
        for at, (post, stage, subject, teaches) in enumerate(jobs, start=1):
            yield self._employee(school, f"{school.code[-4:]}{at:03d}", post, stage, subject, teaches=teaches)

    def _employee(
        self, school: SchoolPlan, staff_no: str, post: str, stage: str, subject: str, *, teaches: bool
    ) -> Employee:
        random, book = self._random, name_book()
        male = random.random() < (0.05 if stage == "kindergarten" or post == "保育员" else 0.34 if teaches else 0.62)
        youngest = 1978 if post in {"校（园）长", "书记", "副校（园）长"} else 2001
        born = date(random.randint(1966, youngest), 1, 1) + timedelta(days=random.randrange(365))
        group = book.groups(random, 1)[0]
        return Employee(
            school=school,
            staff_no=staff_no,
            name=book.full(random, book.surnames(random, 1)[0], born.year, group, male=male),
            male=male,
            born=born,
            id_number=self._ids.issue(random.choice(self._plan.id_areas), born, male=male),
            phone=next(self._phones),
            post=post,
            stage=stage,
            subject=subject,
            teaches=teaches,
            group=group,
        )


def _need(school: SchoolPlan) -> float:
    if school.type == _SPECIAL_SCHOOL:
        return sum(school.pupils.values()) / _PUPILS_PER_STAFF_SPECIAL
    return sum(count / _PUPILS_PER_STAFF[stage] for stage, count in school.pupils.items())
