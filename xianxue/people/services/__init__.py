"""What is written about people."""

from xianxue.people.services.pupils import PupilWriter
from xianxue.people.services.staff import StaffWriter
from xianxue.people.services.transfers import open_transfer

__all__ = ["PupilWriter", "StaffWriter", "open_transfer"]
