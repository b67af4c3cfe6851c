"""What is read about organisations."""

from xianxue.organisations.selectors.calendar import (
    add_working_days,
    is_working_day,
    working_days,
    working_days_between,
)
from xianxue.organisations.selectors.codes import CodeTable, code_table, forget_codes, list_referents
from xianxue.organisations.selectors.terms import (
    current_term,
    known_terms,
    reference_day,
    term_of,
    terms,
    year_referents,
)
from xianxue.organisations.selectors.tree import (
    ancestors,
    classrooms_of,
    county_of,
    descendants,
    open_units,
    school_referents,
    schools_in_reach,
    schools_of_classes,
    unit_named,
    unit_names,
    units_below,
)

__all__ = [
    "CodeTable",
    "add_working_days",
    "ancestors",
    "classrooms_of",
    "code_table",
    "county_of",
    "current_term",
    "descendants",
    "forget_codes",
    "is_working_day",
    "known_terms",
    "list_referents",
    "open_units",
    "reference_day",
    "school_referents",
    "schools_in_reach",
    "schools_of_classes",
    "term_of",
    "terms",
    "unit_named",
    "unit_names",
    "units_below",
    "working_days",
    "working_days_between",
    "year_referents",
]
