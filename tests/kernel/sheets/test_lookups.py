"""Numbers of a unit are looked up for all rows at once, and rows are added up with the records beside them."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from tests.cast import Cast
from tests.factories.people import StaffPostFactory
from xianxue.kernel.access import whole_county
from xianxue.kernel.sheets import SumRule, problem_rows
from xianxue.people.sheets.numbers import staff_lookup

STAFF = staff_lookup("P624", "P625", fills="person_id")


def found(frames: Any) -> list[tuple[int, str, str, str | None]]:
    rows = (row for frame in frames for row in frame.select("row", "code", "column", "other").iter_rows())
    return sorted(rows)


def test_a_number_names_the_person_of_the_rows_own_school_and_the_name_must_agree(
    standing_cast: Cast, django_assert_num_queries: Any
) -> None:
    first, second = standing_cast.first_primary.pk, standing_cast.second_primary.pk
    here = StaffPostFactory(school=standing_cast.first_primary, staff_no="T1", person__name="李老师")
    StaffPostFactory(school=standing_cast.second_primary, staff_no="T1", person__name="王老师")
    rows = {
        "row": [1, 2, 3, 4, 5],
        "unit_id": [first, first, second, first, None],
        "staff_no": ["T1", "T9", "T1", None, "T9"],
        "name": ["李老师", "李老师", "李老师", "李老师", "李老师"],
    }
    schema = {"row": pl.UInt32, "unit_id": pl.Int64, "staff_no": pl.String, "name": pl.String}
    with whole_county("test"), django_assert_num_queries(1):
        frame = STAFF.joined(pl.DataFrame(rows, schema=schema))
    assert frame["_staff_no"][0] == here.person_id
    assert frame["_staff_no"].is_null().to_list() == [False, True, False, True, True]
    assert found(STAFF.problems(frame)) == [(2, "P624", "staff_no", None), (3, "P625", "staff_no", "王老师")]


def test_a_number_that_was_given_again_names_who_has_it_last(standing_cast: Cast) -> None:
    school = standing_cast.first_primary
    StaffPostFactory(school=school, staff_no="T1", started_on="2010-09-01", ended_on="2020-08-31")
    now = StaffPostFactory(school=school, staff_no="T1", started_on="2020-09-01")
    with whole_county("test"):
        known = STAFF.named([school.pk], ["T1"])
    assert known["_staff_no"].to_list() == [now.person_id]


def test_nothing_to_look_up_asks_nothing(db: None, django_assert_num_queries: Any) -> None:
    schema = {"row": pl.UInt32, "unit_id": pl.Int64, "staff_no": pl.String, "name": pl.String}
    with django_assert_num_queries(0):
        assert STAFF.joined(pl.DataFrame(schema=schema))["_staff_no"].dtype == pl.Int64


def test_what_cannot_be_told_is_no_problem() -> None:
    frame = pl.DataFrame({"row": [1, 2], "a": ["x", None]}, schema={"row": pl.Int64, "a": pl.String})
    problems = problem_rows(frame, "P624", "a", pl.col("a") == "x", other=pl.col("a"), subject="row")
    assert problems.rows() == [(1, "a", "P624", None, "x", None, 1)]
    assert problems["row"].dtype == pl.UInt32


def _totals(_keys: Any) -> Mapping[str, int]:
    return {"7": 100}


@pytest.mark.parametrize(
    ("cells", "exactly", "wrong"),
    [
        # 70 stands in the records under another row, which the file does not name; 20 under the row it names.
        (["30"], False, []),
        (["31"], False, [1]),
        ([None], False, []),
        (["20", "20"], False, [1, 2]),
        (["29"], True, [1]),
        (["30"], True, []),
    ],
)
def test_rows_are_added_up_with_the_records_that_the_file_does_not_name(
    cells: list[str | None], exactly: bool, wrong: list[int]
) -> None:
    rule = SumRule("W613", "planned", "project", _totals, exactly=exactly)
    schema = {"id": pl.Int64, "project": pl.String, "planned": pl.String}
    recorded = pl.DataFrame([(1, "7", "70"), (2, "7", "20")], schema=schema, orient="row")
    rows = [(at, 2 if at == 1 else None, "7", text) for at, text in enumerate(cells, 1)]
    rows.append((9, None, "8", "999"))
    frame = pl.DataFrame(rows, schema={"row": pl.UInt32, **schema}, orient="row")
    problems = rule.problems(frame, recorded, lambda text: f"{text} 分")
    assert problems["row"].to_list() == wrong
    assert set(problems["other"]) <= {"100 分"}
