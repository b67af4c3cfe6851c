"""Pages of accounts."""

from xianxue.accounts.views.delegation import Delegate, recall
from xianxue.accounts.views.door import SecondStepView, SignInView, sign_out
from xianxue.accounts.views.factor import DropFactor, EnableFactor, RenewCodes
from xianxue.accounts.views.own import (
    ChangePassword,
    account,
    csrf_failed,
    end_others,
    end_session,
    permissions,
)

__all__ = [
    "ChangePassword",
    "Delegate",
    "DropFactor",
    "EnableFactor",
    "RenewCodes",
    "SecondStepView",
    "SignInView",
    "account",
    "csrf_failed",
    "end_others",
    "end_session",
    "permissions",
    "recall",
    "sign_out",
]
