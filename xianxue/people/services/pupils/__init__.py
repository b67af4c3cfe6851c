"""Pupils: matched, compared and written in bulk."""

from xianxue.people.services.pupils.writer import PupilWriter

__all__ = ["PupilWriter"]
