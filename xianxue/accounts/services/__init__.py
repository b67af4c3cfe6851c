"""Commands on accounts, and signing in."""

from xianxue.accounts.services.appointing import appoint
from xianxue.accounts.services.arriving import Arrival, arrive, arrived, owes_factor, second_step
from xianxue.accounts.services.delegations import delegate, recall_delegation
from xianxue.accounts.services.factors import (
    ask_to_remove_factor,
    confirm_removal,
    disable_factor,
    enable_factor,
    new_secret,
    provisioning_uri,
    remove_factor,
    renew_recovery_codes,
    try_code,
)
from xianxue.accounts.services.passwords import ask_for_reset, change_password, confirm_reset, reset_password
from xianxue.accounts.services.postings import ask_for_role, confirm_role, end_posting, give_posting
from xianxue.accounts.services.requests import decline_request
from xianxue.accounts.services.sessions import (
    BY_PROVIDER,
    FACTOR,
    close_session,
    end_all_sessions,
    end_other_sessions,
    end_session,
    keep_session,
    notices_for,
    open_session,
    rotate_session,
    watch_session,
)
from xianxue.accounts.services.sign_in import Closed, Locked, address_of, attempt
from xianxue.accounts.services.users import create_user, open_account, rename_user, switch_user

__all__ = [
    "BY_PROVIDER",
    "FACTOR",
    "Arrival",
    "Closed",
    "Locked",
    "address_of",
    "appoint",
    "arrive",
    "arrived",
    "ask_for_reset",
    "ask_for_role",
    "ask_to_remove_factor",
    "attempt",
    "change_password",
    "close_session",
    "confirm_removal",
    "confirm_reset",
    "confirm_role",
    "create_user",
    "decline_request",
    "delegate",
    "disable_factor",
    "enable_factor",
    "end_all_sessions",
    "end_other_sessions",
    "end_posting",
    "end_session",
    "give_posting",
    "keep_session",
    "new_secret",
    "notices_for",
    "open_account",
    "open_session",
    "owes_factor",
    "provisioning_uri",
    "recall_delegation",
    "remove_factor",
    "rename_user",
    "renew_recovery_codes",
    "reset_password",
    "rotate_session",
    "second_step",
    "switch_user",
    "try_code",
    "watch_session",
]
