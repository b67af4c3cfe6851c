"""Duplicates: searched for, judged, merged, and the merge taken back."""

from xianxue.people.services.duplicates.decide import (
    confirm_merge,
    judge_different,
    judge_unclear,
    merge_across,
    propose_merge,
    return_merge,
    undo_merge,
)
from xianxue.people.services.duplicates.scan import find_duplicates, search_again

__all__ = [
    "confirm_merge",
    "find_duplicates",
    "judge_different",
    "judge_unclear",
    "merge_across",
    "propose_merge",
    "return_merge",
    "search_again",
    "undo_merge",
]
