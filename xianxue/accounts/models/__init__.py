"""Users, what gives them their reach, and how they sign in."""

from xianxue.accounts.models.exports import ExportRequest
from xianxue.accounts.models.postings import AccountRequest, Delegation, Posting
from xianxue.accounts.models.sign_in import ExternalIdentity, RecoveryCode, SecondFactor, SignIn, SignInFailure
from xianxue.accounts.models.users import AccountNotice, PasswordRecord, User, UserManager

__all__ = [
    "AccountNotice",
    "AccountRequest",
    "Delegation",
    "ExportRequest",
    "ExternalIdentity",
    "PasswordRecord",
    "Posting",
    "RecoveryCode",
    "SecondFactor",
    "SignIn",
    "SignInFailure",
    "User",
    "UserManager",
]
