"""Members of staff in sheets of other parts: named by their number at the school, and shown by it again."""

import polars as pl

from xianxue.kernel.sheets import Agreement, Lookup
from xianxue.people.models import StaffPost


def staff_lookup(unknown: str, misnamed: str, *, fills: str) -> Lookup:
    """The person whom `staff_no` names at the row's school; the latest post, where a number was given again.

    `unknown`: the problem of a number that the school has not; `misnamed`: of one that goes with another `name`. The frame
    gains `_staff_no`, the person's key, and `_name`.
    """
    return Lookup(
        "staff_no",
        lambda: StaffPost.objects.order_by("started_on", "pk"),
        unknown,
        number="staff_no",
        unit="school_id",
        key="person_id",
        fills=fills,
        also={"_name": "person__name"},
        agreements=(Agreement("name", "_name", misnamed, at="staff_no", tells=True),),
    )


def with_staff_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Records of a writer (`unit`, and `staff_no` holding a person's key) with the number of each at the school."""
    persons = {int(text) for text in frame["staff_no"].drop_nulls()}
    units = {int(text) for text in frame["unit"].drop_nulls()}
    posts = StaffPost.objects.filter(school_id__among=units, person_id__among=persons).order_by("started_on", "pk")
    numbers = {
        (str(unit), str(person)): text for unit, person, text in posts.values_list("school_id", "person_id", "staff_no")
    }
    texts = [numbers.get(key) for key in frame.select("unit", "staff_no").iter_rows()]
    return frame.with_columns(pl.Series("staff_no", texts, dtype=pl.String))
