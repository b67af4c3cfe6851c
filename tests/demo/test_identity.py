"""Numbers of invented people are valid in form and can belong to nobody."""

from datetime import date
from itertools import islice

import pytest

from xianxue.demo.identity import IdNumbers, check_digit, phones
from xianxue.demo.inventing import County


def _id_numbers(county: County) -> list[str]:
    pupils = [p.id_number for p in county.pupils if p.id_number and p.id_kind == "居民身份证"]
    return pupils + [employee.id_number for employee in county.staff]


def test_check_digit_of_the_well_known_example() -> None:
    assert check_digit("11010519491231002") == "X"


def test_an_area_that_could_be_real_is_refused() -> None:
    with pytest.raises(ValueError, match="real place"):
        IdNumbers().issue("360922", date(2015, 9, 1), male=True)


def test_a_full_date_is_refused() -> None:
    ids = IdNumbers()
    for _ in range(500):
        ids.issue("390922", date(2015, 9, 1), male=True)
    with pytest.raises(ValueError, match="no ID number left"):
        ids.issue("390922", date(2015, 9, 1), male=True)


def test_every_id_number_ends_in_its_check_digit(whole: County) -> None:
    wrong = [number for number in _id_numbers(whole) if check_digit(number[:17]) != number[17]]
    assert wrong == []


def test_every_id_number_has_an_area_of_no_province(whole: County, second: County) -> None:
    assert {number[:2] for number in _id_numbers(whole) + _id_numbers(second)} <= {"38", "39"}


def test_no_two_people_share_an_id_number(whole: County) -> None:
    numbers = _id_numbers(whole)
    assert len(numbers) == len(set(numbers))


def test_id_numbers_tell_birth_date_and_sex(whole: County) -> None:
    for pupil in whole.pupils:
        if pupil.id_number and pupil.id_kind == "居民身份证":
            assert pupil.id_number[6:14] == f"{pupil.born:%Y%m%d}"
            assert int(pupil.id_number[16]) % 2 == (1 if pupil.male else 0)


def test_bodies_of_l_and_j_numbers_belong_to_nobody(whole: County) -> None:
    numbers = set(_id_numbers(whole))
    bodies = {p.student_no[1:] for p in whole.pupils if p.student_no and p.student_no[0] in "LJ"}
    assert bodies
    assert not bodies & numbers
    assert all(check_digit(body[:17]) == body[17] for body in bodies)


def test_telephone_numbers_come_from_an_unassigned_block_and_never_repeat() -> None:
    numbers = list(islice(phones(), 200_000))
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 11 and number.startswith("160") for number in numbers)
