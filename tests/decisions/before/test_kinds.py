"""Cells with several of the rules' own words."""

import threading

import polars as pl

from xianxue.decisions.sheets.kinds import Several


def test_words_are_read_by_who_asks_and_never_by_a_thread_of_the_reader() -> None:
    """A thread of polars would open a connection of its own, outside the transaction and the reach."""
    asked_by: list[int] = []

    def words() -> dict[str, str]:
        asked_by.append(threading.get_ident())
        return {"survey": "调研论证", "opinions": "征求意见"}

    kind = Several(words)
    cells = pl.DataFrame({"one": ["征求意见、调研论证", "不知道"], "two": ["调研论证", None]})
    read = cells.select(kind.parse(pl.col("one")), kind.parse(pl.col("two")))
    assert read.to_dict(as_series=False) == {"one": ["survey,opinions", None], "two": ["survey", None]}
    assert set(asked_by) == {threading.get_ident()}
