"""Registers of people: pupils, staff, guardians, states in the national system, and pairs that may be one of them."""

from xianxue.people.resources.duplicates import DuplicateRegister
from xianxue.people.resources.guardians import GuardianRegister
from xianxue.people.resources.national import NationalRegister
from xianxue.people.resources.pupils import PupilRegister
from xianxue.people.resources.staff import StaffRegister

__all__ = ["DuplicateRegister", "GuardianRegister", "NationalRegister", "PupilRegister", "StaffRegister"]
