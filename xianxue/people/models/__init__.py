"""Persons for life, with dated facts: numbers, enrolment episodes, class membership, guardians, posts."""

from xianxue.people.models.about import ChildMatter, ChildRow, child_matters
from xianxue.people.models.dropout import DropOutCase, DropOutVisit
from xianxue.people.models.duplicates import DuplicatePair, DuplicateScan
from xianxue.people.models.enrolments import ClassMembership, Enrolment, kept_in
from xianxue.people.models.facts import KeyFactChange
from xianxue.people.models.graduation import Graduation, GraduationItem
from xianxue.people.models.national import NationalRecord
from xianxue.people.models.persons import GuardianLink, Identifier, Person, people_in
from xianxue.people.models.promotion import PromotionConfirmation, PromotionException
from xianxue.people.models.staff import Qualification, StaffPost
from xianxue.people.models.standing import Suspension
from xianxue.people.models.transfers import Entry, LookupFailure, Transfer

__all__ = [
    "ChildMatter",
    "ChildRow",
    "ClassMembership",
    "DropOutCase",
    "DropOutVisit",
    "DuplicatePair",
    "DuplicateScan",
    "Enrolment",
    "Entry",
    "Graduation",
    "GraduationItem",
    "GuardianLink",
    "Identifier",
    "KeyFactChange",
    "LookupFailure",
    "NationalRecord",
    "Person",
    "PromotionConfirmation",
    "PromotionException",
    "Qualification",
    "StaffPost",
    "Suspension",
    "Transfer",
    "child_matters",
    "kept_in",
    "people_in",
]
