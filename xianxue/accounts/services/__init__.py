"""Commands on accounts, and signing in."""

from xianxue.accounts.services.appointing import appoint
from xianxue.accounts.services.postings import ask_for_role, confirm_role, decline_request, end_posting, give_posting
from xianxue.accounts.services.sign_in import Locked, address_of, attempt, close_session, open_session, remember_session
from xianxue.accounts.services.users import (
    change_password,
    create_user,
    end_session,
    rename_user,
    set_password,
    switch_user,
)

__all__ = [
    "Locked",
    "address_of",
    "appoint",
    "ask_for_role",
    "attempt",
    "change_password",
    "close_session",
    "confirm_role",
    "create_user",
    "decline_request",
    "end_posting",
    "end_session",
    "give_posting",
    "open_session",
    "remember_session",
    "rename_user",
    "set_password",
    "switch_user",
]
