"""Reads of accounts: reach, postings, sessions, the cast, the permission matrix."""

from xianxue.accounts.selectors.people import (
    bureau_name,
    demo_cast,
    demo_user,
    holders_of,
    open_sessions,
    postings_of,
    postings_valid,
    reach_of,
    reach_of_id,
    roles_from,
    users_with,
)

__all__ = [
    "bureau_name",
    "demo_cast",
    "demo_user",
    "holders_of",
    "open_sessions",
    "postings_of",
    "postings_valid",
    "reach_of",
    "reach_of_id",
    "roles_from",
    "users_with",
]
