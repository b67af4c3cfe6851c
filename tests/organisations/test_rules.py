from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianxue.organisations.choices import GRADE_NAMES, STAGE_YEARS, Stage
from xianxue.organisations.models import grade_name, grade_of_cohort
from xianxue.organisations.rules import (
    class_size_band,
    cohort_of_grade,
    grade_from_text,
    grade_spellings,
    school_code_fault,
    school_code_warning,
    standard_class_size,
)


@pytest.mark.parametrize(
    ("pupils", "band"),
    [
        *((1, "small"), (35, "small"), (36, "normal"), (45, "normal"), (46, "slightly_large"), (55, "slightly_large")),
        *((56, "large"), (65, "large"), (66, "oversized"), (90, "oversized")),
    ],
)
def test_class_size_bands_have_the_limits_that_the_statistics_use(pupils: int, band: str) -> None:
    found = class_size_band(pupils, Stage.PRIMARY)
    assert found is not None
    assert found.code == band


def test_empty_classes_and_kindergartens_have_no_band() -> None:
    assert class_size_band(0, Stage.PRIMARY) is None
    assert class_size_band(40, Stage.KINDERGARTEN) is None


def test_standard_sizes() -> None:
    assert standard_class_size(Stage.PRIMARY, 3) == 45
    assert standard_class_size(Stage.JUNIOR, 1) == 50
    assert [standard_class_size(Stage.KINDERGARTEN, grade) for grade in (1, 2, 3)] == [25, 30, 35]


@pytest.mark.parametrize("code", ["1136000001", "2136000001", "5136000001"])
def test_sound_school_codes_have_no_fault(code: str) -> None:
    assert school_code_fault(code) is None


@pytest.mark.parametrize(
    ("code", "part"),
    [("213600001", "10 位"), ("２136000001", "10 位"), ("9936000001", "前 2 位"), ("2199000001", "省份")],
)
def test_a_school_code_with_a_fault_says_which(code: str, part: str) -> None:
    assert part in str(school_code_fault(code))


def test_a_code_older_than_the_school_s_type_is_a_warning_at_most() -> None:
    assert school_code_warning("2136000001", "211") is None
    assert school_code_warning("2136000001", "312") is None
    assert "不一致" in str(school_code_warning("1136000001", "342"))
    assert "不一致" in str(school_code_warning("2136000001", "513"))


@given(st.sampled_from(list(Stage)), st.data(), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_grade_and_cohort_are_each_other_s_inverse(stage: Stage, data: st.DataObject, day: date) -> None:
    grade = data.draw(st.integers(1, STAGE_YEARS[stage]))
    cohort = cohort_of_grade(grade, day)
    assert grade_of_cohort(cohort, day) == grade
    assert grade_name(stage, cohort, day) == GRADE_NAMES[stage][grade - 1]


@given(st.integers(1990, 2090), st.dates(date(1990, 1, 1), date(2090, 12, 30)))
def test_a_grade_rises_on_the_first_of_september_only(cohort: int, day: date) -> None:
    next_day = date.fromordinal(day.toordinal() + 1)
    risen = grade_of_cohort(cohort, next_day) - grade_of_cohort(cohort, day)
    assert risen == int((next_day.month, next_day.day) == (9, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一年级", (Stage.PRIMARY, 1)),
        ("七年级", (Stage.JUNIOR, 1)),
        ("初一", (Stage.JUNIOR, 1)),
        ("初中 三年级", (Stage.JUNIOR, 3)),
        ("高一", (Stage.SENIOR, 1)),
        ("11", (Stage.PRIMARY, 1)),
        ("23", (Stage.JUNIOR, 3)),
        ("31", (Stage.SENIOR, 1)),
        ("9", (Stage.JUNIOR, 3)),
        ("大班", (Stage.KINDERGARTEN, 3)),
        ("职二", (Stage.VOCATIONAL, 2)),
    ],
)
def test_grades_are_read_as_workbooks_write_them(text: str, expected: tuple[Stage, int]) -> None:
    assert grade_from_text(text) == expected


def test_what_is_no_grade_is_not_guessed() -> None:
    assert grade_from_text("初七") is None


def test_every_grade_has_its_own_name_among_the_spellings() -> None:
    for stage, names in GRADE_NAMES.items():
        for grade, name in enumerate(names, 1):
            assert grade_spellings()[name] == (stage, grade)
