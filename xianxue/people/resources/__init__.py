"""Registers of people: pupils, staff, guardians."""

from xianxue.people.resources.guardians import GuardianRegister
from xianxue.people.resources.pupils import PupilRegister
from xianxue.people.resources.staff import StaffRegister

__all__ = ["GuardianRegister", "PupilRegister", "StaffRegister"]
