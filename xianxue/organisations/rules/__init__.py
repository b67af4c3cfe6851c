"""Decisions about organisations: facts in, a reason or a value out."""

from xianxue.organisations.rules.class_sizes import SizeBand, class_size_band, size_bands, standard_class_size
from xianxue.organisations.rules.grades import (
    cohort_of_grade,
    grade_code,
    grade_from_text,
    grade_of_code,
    grade_spellings,
)
from xianxue.organisations.rules.school_codes import school_code_fault, school_code_warning

__all__ = [
    "SizeBand",
    "class_size_band",
    "cohort_of_grade",
    "grade_code",
    "grade_from_text",
    "grade_of_code",
    "grade_spellings",
    "school_code_fault",
    "school_code_warning",
    "size_bands",
    "standard_class_size",
]
