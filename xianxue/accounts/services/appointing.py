"""Appointing administrators from the server's own command line, where nobody is signed in yet."""

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.accounts.models import User
from xianxue.accounts.services.postings import give_posting
from xianxue.accounts.services.users import open_account
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.organisations.models import Unit


def appoint(*, username: str, name: str, role: str, unit: Unit, by: Actor) -> str:
    """Give the role from today, to a new user when there is none of that name; returns the temporary password.

    Returns "" for a user who was there already. The caller wraps several in one transaction.
    """
    if not username.strip() or not name.strip():
        raise Refused(_("未能授权：缺用户名或姓名。两样都要写，中间用冒号隔开。"))
    user = User.objects.filter(username__iexact=username.strip()).first()
    password = ""
    if user is None:
        user, password = open_account(username=username, name=name, by=by)
    give_posting(user, role=role, unit=unit, started_on=timezone.localdate(), by=by)
    return password
