"""Grades as people write them, and the cohort that sits in one on a day."""

from datetime import date
from functools import cache

from xianxue.organisations.choices import GRADE_NAMES, Stage

DIGITS = "一二三四五六七八九"


def cohort_of_grade(grade: int, day: date) -> int:
    """Year of entry of those who sit in a grade (counted from 1) on a day; the school year starts on 1 September."""
    school_year = day.year if day.month >= 9 else day.year - 1
    return school_year - grade + 1


@cache
def grade_spellings() -> dict[str, tuple[Stage, int]]:
    """How workbooks write a grade → stage and grade counted from 1.

    一年级, 小学一年级, 七年级, 初一, 初中一年级, 初一年级, 高一, 高中一年级, 高一年级, 大班, 职一, and the codes of the
    national fitness template (11–16, 21–23, 31–33). “1”…“9” are read as 一年级…九年级.
    """
    spellings = {name: (stage, grade) for stage, names in GRADE_NAMES.items() for grade, name in enumerate(names, 1)}
    for number, hanzi in enumerate(DIGITS, 1):
        found = (Stage.PRIMARY, number) if number <= 6 else (Stage.JUNIOR, number - 6)
        for name in (f"{hanzi}年级", f"{number}年级", str(number), f"{hanzi}年", f"0{number}"):
            spellings[name] = found
        if number <= 6:
            _add(
                spellings, found, f"小学{hanzi}年级", f"小学{number}年级", f"小{hanzi}", f"小学{hanzi}年", f"1{number}"
            )
        if number <= 3:
            junior = (Stage.JUNIOR, number)
            _add(
                spellings, junior, f"初{hanzi}", f"初{hanzi}年级", f"初中{hanzi}年级", f"初中{number}年级", f"2{number}"
            )
            senior = (Stage.SENIOR, number)
            _add(spellings, senior, f"高{hanzi}年级", f"高中{hanzi}年级", f"高中{number}年级", f"3{number}")
            vocational = (Stage.VOCATIONAL, number)
            _add(spellings, vocational, f"职高{hanzi}", f"中职{hanzi}年级", f"中职{hanzi}", f"职高{hanzi}年级")
    for grade, name in enumerate(("初中七年级", "初中八年级", "初中九年级"), 1):
        spellings[name] = (Stage.JUNIOR, grade)
    for grade, size in enumerate(("小", "中", "大"), 1):
        _add(spellings, (Stage.KINDERGARTEN, grade), f"幼儿园{size}班", f"幼儿{size}班", f"学前{size}班")
    return spellings


def _add(spellings: dict[str, tuple[Stage, int]], found: tuple[Stage, int], *names: str) -> None:
    spellings.update(dict.fromkeys(names, found))


def grade_from_text(text: str) -> tuple[Stage, int] | None:
    """Stage and grade that a text names, or None."""
    return grade_spellings().get("".join(text.split()))


def grade_code(stage: str, grade: int) -> str:
    """A grade as one word: junior1. It is what a cell means, and never stored."""
    return f"{stage}{grade}"


def grade_of_code(code: str) -> tuple[Stage, int]:
    """Stage and grade of such a word. Raises ValueError for another."""
    return Stage(code[:-1]), int(code[-1])
