"""Commands on accounts, and signing in."""

from xianxue.accounts.services.sign_in import Locked, address_of, attempt, close_session, open_session, remember_session
from xianxue.accounts.services.users import (
    change_password,
    create_user,
    end_posting,
    end_session,
    give_posting,
    rename_user,
    set_password,
    switch_user,
)

__all__ = [
    "Locked",
    "address_of",
    "attempt",
    "change_password",
    "close_session",
    "create_user",
    "end_posting",
    "end_session",
    "give_posting",
    "open_session",
    "remember_session",
    "rename_user",
    "set_password",
    "switch_user",
]
