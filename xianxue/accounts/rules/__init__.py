"""What may not be done to accounts and postings, and why."""

from xianxue.accounts.rules.delegations import delegation_blocked, is_colleague, period_blocked
from xianxue.accounts.rules.roles import (
    decision_blocked,
    end_blocked,
    last_keeper_blocked,
    needs_second_person,
    posting_blocked,
    self_blocked,
    separation_blocked,
)
from xianxue.accounts.rules.sign_in import (
    backed_off_until,
    locked_until,
    needs_second_factor,
    session_over,
)

__all__ = [
    "backed_off_until",
    "decision_blocked",
    "delegation_blocked",
    "end_blocked",
    "is_colleague",
    "last_keeper_blocked",
    "locked_until",
    "needs_second_factor",
    "needs_second_person",
    "period_blocked",
    "posting_blocked",
    "self_blocked",
    "separation_blocked",
    "session_over",
]
