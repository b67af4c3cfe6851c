"""What is written about people."""

from xianxue.people.services.pupils import PupilWriter

__all__ = ["PupilWriter"]
