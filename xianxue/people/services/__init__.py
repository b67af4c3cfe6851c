"""What is written about people."""

from xianxue.people.services.pupils import PupilWriter
from xianxue.people.services.staff import StaffWriter

__all__ = ["PupilWriter", "StaffWriter"]
