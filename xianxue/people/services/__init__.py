"""What is written about people."""

from xianxue.people.services.dropout import look_for_children_out_of_school
from xianxue.people.services.graduation import open_graduation
from xianxue.people.services.key_facts import approve_key_facts, open_key_fact_change
from xianxue.people.services.promotion import confirm_year, hold_back, let_skip, reopen_year, undo_exception
from xianxue.people.services.pupils import PupilWriter
from xianxue.people.services.staff import StaffWriter
from xianxue.people.services.standing import ask_suspension
from xianxue.people.services.transfers import open_transfer

__all__ = [
    "PupilWriter",
    "StaffWriter",
    "approve_key_facts",
    "ask_suspension",
    "confirm_year",
    "hold_back",
    "let_skip",
    "look_for_children_out_of_school",
    "open_graduation",
    "open_key_fact_change",
    "open_transfer",
    "reopen_year",
    "undo_exception",
]
