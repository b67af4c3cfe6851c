from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.people import id_number
from xianxue.people.choices import Sex
from xianxue.people.rules import (
    birth_date_conflict,
    check_digit,
    id_facts,
    id_number_fault,
    masked_number,
    masked_phone,
    sex_conflict,
    student_number_fault,
    student_number_warning,
)


def test_the_standard_s_own_example_has_its_check_digit() -> None:
    assert check_digit("11010519491231002") == "X"


@given(st.dates(date(1930, 1, 1), date(2025, 12, 31)), st.integers(1, 999))
def test_an_id_number_says_birth_date_and_sex(born_on: date, sequence: int) -> None:
    facts = id_facts(id_number(born_on, sequence=sequence))
    assert facts is not None
    assert facts.born_on == born_on
    assert facts.sex == (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(st.dates(date(1930, 1, 1), date(2025, 12, 31)), st.integers(0, 16), st.integers(1, 9))
def test_one_digit_copied_wrongly_is_always_found(born_on: date, place: int, shift: int) -> None:
    number = id_number(born_on)
    wrong = f"{number[:place]}{(int(number[place]) + shift) % 10}{number[place + 1 :]}"
    assert id_number_fault(wrong) is not None


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("11010519491231002x", "大写 X"),
        ("110105194912310021", "校验位"),
        ("1101051949123100", "17 位数字"),
        ("99999920150231001" + check_digit("99999920150231001"), "日期"),
    ],
)
def test_a_wrong_id_number_says_what_is_wrong(number: str, part: str) -> None:
    assert part in str(id_number_fault(number))


def test_contradictions_need_a_sound_number_and_a_given_value() -> None:
    number = id_number(date(2015, 9, 1), sequence=1)
    assert birth_date_conflict(number, date(2015, 9, 2))
    assert not birth_date_conflict(number, None)
    assert not birth_date_conflict("broken", date(2015, 9, 2))
    assert sex_conflict(number, Sex.FEMALE)
    assert not sex_conflict(number, Sex.UNKNOWN)


@pytest.mark.parametrize("kind", "GLJ")
def test_student_numbers_of_all_three_kinds_are_sound(kind: str) -> None:
    assert student_number_fault(kind + id_number()) is None


def test_a_student_number_is_judged_by_form_and_check_digit_alone() -> None:
    impossible_date = "99999920159999001"
    assert student_number_fault("L" + impossible_date + check_digit(impossible_date)) is None
    assert student_number_fault("K" + id_number()) is not None
    assert "校验位" in str(
        student_number_fault("G" + id_number()[:17] + "?".replace("?", "0" if id_number()[17] != "0" else "1"))
    )


def test_only_a_g_number_is_compared_with_the_id_number_and_only_as_a_warning() -> None:
    other = id_number(sequence=3)
    assert student_number_warning("G" + id_number(), id_number()) is None
    assert "不一致" in str(student_number_warning("G" + id_number(), other))
    assert student_number_warning("L" + id_number(), other) is None
    assert student_number_warning("J" + id_number(), other) is None
    assert student_number_warning("G" + id_number(), "") is None


def test_masks_leave_what_tells_people_apart_and_no_more() -> None:
    assert masked_number("110105194912310021") == "1101**********0021"
    assert masked_phone("13800001234") == "138****1234"
    assert masked_number("12345") == "*****"
    assert masked_phone("12345") == "*****"
