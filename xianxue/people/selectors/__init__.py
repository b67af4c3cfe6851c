"""What is read about people."""

from xianxue.people.selectors.rosters import (
    enrolled,
    holds_on,
    pupils_without_class,
    roster,
    staff_in_post,
    teacher_names,
)

__all__ = ["enrolled", "holds_on", "pupils_without_class", "roster", "staff_in_post", "teacher_names"]
