"""Digests of rows name exactly the rows that came, went or changed, and hold nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianxue.kernel.indicators.row_digests import RowDigests, digested

pytestmark = pytest.mark.postgres

SALT = "5a" * 16
tables = st.dictionaries(
    st.integers(-(2**40), 2**40), st.tuples(st.integers(0, 3), st.none() | st.text(max_size=3)), max_size=30
)


def made(table: dict[int, tuple[int, str | None]], salt: str = SALT) -> RowDigests:
    return digested([(key, *table[key]) for key in sorted(table)], salt)


@given(tables, tables)
def test_the_changes_are_those_of_the_rows(
    before: dict[int, tuple[int, str | None]], after: dict[int, tuple[int, str | None]]
) -> None:
    changes = made(before).changes_to(made(after))
    assert set(changes.added) == set(after) - set(before)
    assert set(changes.gone) == set(before) - set(after)
    assert set(changes.changed) == {key for key in set(before) & set(after) if before[key] != after[key]}
    assert bool(changes) is (before != after)


@given(tables)
def test_rows_come_back_out_of_their_bytes(table: dict[int, tuple[int, str | None]]) -> None:
    rows = made(table)
    assert RowDigests.unpacked(rows.packed()) == rows
    assert len(rows) == len(table)


@given(st.binary(max_size=80))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no row digests"):
        RowDigests.unpacked(data)


@given(tables.filter(bool), st.data())
def test_a_shortened_blob_is_refused(table: dict[int, tuple[int, str | None]], data: st.DataObject) -> None:
    packed = made(table).packed()
    with pytest.raises(ValueError, match="no row digests"):
        RowDigests.unpacked(packed[: data.draw(st.integers(0, len(packed) - 1))])


def test_a_row_that_comes_twice_is_one_row_whatever_the_order() -> None:
    assert digested([(1, "a"), (1, "b")], SALT) == digested([(1, "b"), (1, "a")], SALT)
    assert len(digested([(1, "a"), (1, "b")], SALT)) == 1
    assert digested([(1, "a"), (1, "b")], SALT) != digested([(1, "a")], SALT)


def test_nothing_and_empty_differ() -> None:
    assert digested([(1, None)], SALT) != digested([(1, "")], SALT)


def test_another_salt_gives_other_digests() -> None:
    table: dict[int, tuple[int, str | None]] = {1: (1, "a")}
    assert made(table).body != made(table, "5b" * 16).body


def test_eighty_thousand_rows_take_less_than_two_megabytes() -> None:
    rows = made({key: (key % 7, "primary") for key in range(80_000)})
    assert len(rows.packed()) < 2 * 1024 * 1024
