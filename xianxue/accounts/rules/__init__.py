"""What may not be done to accounts and postings, and why."""

from xianxue.accounts.rules.roles import (
    decision_blocked,
    end_blocked,
    last_keeper_blocked,
    needs_second_person,
    posting_blocked,
    self_blocked,
    separation_blocked,
)
from xianxue.accounts.rules.sign_in import locked_until

__all__ = [
    "decision_blocked",
    "end_blocked",
    "last_keeper_blocked",
    "locked_until",
    "needs_second_person",
    "posting_blocked",
    "self_blocked",
    "separation_blocked",
]
