"""What is read about people."""

from xianxue.people.selectors.keys import keys_problem
from xianxue.people.selectors.numbers import DOCUMENTS, numbers_shown
from xianxue.people.selectors.rosters import (
    attending,
    classes_on,
    enrolled,
    holds_on,
    last_enrolments,
    moved_away_on,
    pupils_without_class,
    roster,
    staff_in_post,
    teacher_names,
)
from xianxue.people.selectors.search import people_found

__all__ = [
    "DOCUMENTS",
    "attending",
    "classes_on",
    "enrolled",
    "holds_on",
    "keys_problem",
    "last_enrolments",
    "moved_away_on",
    "numbers_shown",
    "people_found",
    "pupils_without_class",
    "roster",
    "staff_in_post",
    "teacher_names",
]
