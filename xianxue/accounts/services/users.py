"""Commands on users themselves."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import SignOutReason
from xianxue.accounts.models import User
from xianxue.accounts.selectors import holders_of, roles_from
from xianxue.accounts.services.parts import end_sessions, refuse_alone, subject_of, tell
from xianxue.accounts.services.passwords import make_temporary, refuse_weak
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import record
from xianxue.organisations import roles


@command("accounts.create_user", label=gettext_lazy("新建用户"))
def create_user(
    *, username: str, name: str, password: str, by: Actor, is_demo: bool = False, must_change: bool = True
) -> User:
    """A new user with a password given, without postings: can sign in, reaches nothing.

    Refuses a taken name or a weak password. People get accounts by `open_account`.
    """
    user = _new(username, name, "")
    user.is_demo, user.must_change_password = is_demo, must_change
    if not is_demo:
        # The demonstration's password is printed on its sign-in page: no rule can make it strong.
        refuse_weak(password, user)
    user.password = make_password(password)
    return _created(user)


@command("accounts.open_account", label=gettext_lazy("开账号"))
def open_account(*, username: str, name: str, by: Actor, worker_number: str = "") -> tuple[User, str]:
    """A new user and the temporary password, which is told once and kept nowhere; without postings.

    Refuses a user name or a worker's number that somebody else has.
    """
    user = _new(username, name, worker_number)
    password = make_temporary(user)
    return _created(user), password


def _new(username: str, name: str, worker_number: str) -> User:
    username, worker_number = username.strip(), worker_number.strip()
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(_("未能新建用户：用户名“%(name)s”已有人使用。请换一个。") % {"name": username}, field="username")
    _refuse_taken(worker_number, None)
    return User(username=username, name=name.strip(), worker_number=worker_number)


def _refuse_taken(worker_number: str, pk: int | None) -> None:
    holders = User.objects.filter(worker_number=worker_number)
    if worker_number and (holders.exclude(pk=pk) if pk else holders).exists():
        message = _("未作改动：工号“%(number)s”已有人使用。请核对。") % {"number": worker_number}
        raise Refused(message, field="worker_number")


def _created(user: User) -> User:
    user.password_changed_at = timezone.now()
    user.save()
    changes = {"username": [None, user.username], "name": [None, user.name]}
    if user.worker_number:
        changes["worker_number"] = [None, user.worker_number]
    record(subject_of(user), changes)
    return user


@command("accounts.switch_user", label=gettext_lazy("启用或停用用户"))
def switch_user(user: User, *, active: bool, by: Actor) -> None:
    """Let a user sign in, or no longer; switching off ends the sessions. Nobody switches off oneself."""
    if not active and user.pk == by.user_id:
        raise Refused(_("未能停用：不能停用自己的账号。请由另一位安全管理员操作。"))
    if user.is_active == active:
        raise Refused(_("未作改动：该用户已是这个状态。"))
    if not active:
        _refuse_last_keeper(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user, SignOutReason.SWITCHED_OFF)
    record(subject_of(user), {"is_active": ["0", "1"] if active else ["1", "0"]})


def _refuse_last_keeper(user: User) -> None:
    today = timezone.localdate()
    if roles.SECURITY_ADMIN in roles_from(user, today):
        others = holders_of(roles.SECURITY_ADMIN, after=today).exclude(pk=user.pk).count()
        refuse_if(rules.last_keeper_blocked(roles.SECURITY_ADMIN, others))


@command("accounts.rename_user", label=gettext_lazy("更改用户姓名或工号"))
def rename_user(user: User, *, name: str, by: Actor, worker_number: str | None = None) -> None:
    """Correct the name shown for a user, and the worker's number by which the identity provider knows the user.

    With one's own number on somebody else's account one would come in as that person: the user is told, and the number
    of whoever was appointed by two people is not changed by one.
    """
    number = user.worker_number if worker_number is None else worker_number.strip()
    changes: dict[str, list[str | None]] = {}
    if user.name != name.strip():
        changes["name"] = [user.name, name.strip()]
    if user.worker_number != number:
        _refuse_taken(number, user.pk)
        refuse_alone(user, by)
        changes["worker_number"] = [user.worker_number or None, number or None]
    if not changes:
        raise Refused(_("未作改动：内容没有变化。"), field="name")
    user.name, user.worker_number = name.strip(), number
    user.save(update_fields=["name", "worker_number"])
    if "worker_number" in changes and user.pk != by.user_id:
        tell(user, _("%(by)s更改了您的工号。如果不是您要求的，请马上告诉审计管理员。"), by)
    record(subject_of(user), changes)
