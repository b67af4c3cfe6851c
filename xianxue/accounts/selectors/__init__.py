"""Reads of accounts: reach, postings, sessions, the cast, the permission matrix."""

from xianxue.accounts.selectors.delegations import (
    delegable_postings,
    delegations_of,
    delegations_valid,
    home_of,
)
from xianxue.accounts.selectors.own import factor_reasons, recent_notices, recovery_codes_left
from xianxue.accounts.selectors.people import (
    bureau_name,
    demo_cast,
    demo_user,
    holders_of,
    made_password,
    open_sessions,
    postings_of,
    postings_valid,
    reach_of,
    reach_of_id,
    roles_from,
    roles_on,
    users_with,
)

__all__ = [
    "bureau_name",
    "delegable_postings",
    "delegations_of",
    "delegations_valid",
    "demo_cast",
    "demo_user",
    "factor_reasons",
    "holders_of",
    "home_of",
    "made_password",
    "open_sessions",
    "postings_of",
    "postings_valid",
    "reach_of",
    "reach_of_id",
    "recent_notices",
    "recovery_codes_left",
    "roles_from",
    "roles_on",
    "users_with",
]
