"""Persons for life, with dated facts: numbers, enrolment episodes, class membership, guardians, posts."""

from xianxue.people.models.duplicates import DuplicatePair, DuplicateScan
from xianxue.people.models.enrolments import ClassMembership, Enrolment
from xianxue.people.models.persons import GuardianLink, Identifier, Person, people_in
from xianxue.people.models.staff import Qualification, StaffPost

__all__ = [
    "ClassMembership",
    "DuplicatePair",
    "DuplicateScan",
    "Enrolment",
    "GuardianLink",
    "Identifier",
    "Person",
    "Qualification",
    "StaffPost",
    "people_in",
]
