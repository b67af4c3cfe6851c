"""Staff: matched, compared and written in bulk."""

from xianxue.people.services.staff.writer import StaffWriter

__all__ = ["StaffWriter"]
