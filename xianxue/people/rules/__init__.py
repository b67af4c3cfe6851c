"""Decisions about people: facts in, a reason or a value out."""

from xianxue.people.rules.names import name_initials, name_pinyin, spelt, syllables
from xianxue.people.rules.numbers import (
    DOCUMENT_SPACE,
    PHONE_SPACE,
    STUDENT_SPACE,
    IdFacts,
    birth_date_conflict,
    check_digit,
    id_facts,
    id_number_fault,
    masked_number,
    masked_phone,
    sex_conflict,
    student_number_fault,
    student_number_warning,
)
from xianxue.people.rules.periods import Period, moved, overlapping

__all__ = [
    "DOCUMENT_SPACE",
    "PHONE_SPACE",
    "STUDENT_SPACE",
    "IdFacts",
    "Period",
    "birth_date_conflict",
    "check_digit",
    "id_facts",
    "id_number_fault",
    "masked_number",
    "masked_phone",
    "moved",
    "name_initials",
    "name_pinyin",
    "overlapping",
    "sex_conflict",
    "spelt",
    "student_number_fault",
    "student_number_warning",
    "syllables",
]
