"""Pages of accounts."""

from xianxue.accounts.views.own import (
    ChangePassword,
    SignInView,
    account,
    csrf_failed,
    end_session,
    permissions,
    sign_out,
)

__all__ = ["ChangePassword", "SignInView", "account", "csrf_failed", "end_session", "permissions", "sign_out"]
