"""What is written about people."""

from xianxue.people.services.key_facts import approve_key_facts, open_key_fact_change
from xianxue.people.services.pupils import PupilWriter
from xianxue.people.services.staff import StaffWriter
from xianxue.people.services.transfers import open_transfer

__all__ = ["PupilWriter", "StaffWriter", "approve_key_facts", "open_key_fact_change", "open_transfer"]
