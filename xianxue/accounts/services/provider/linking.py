"""Who somebody of the identity provider is here. Nobody gets an account or a right by coming from there."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts.choices import FailureKind
from xianxue.accounts.models import ExternalIdentity, User
from xianxue.accounts.selectors import roles_from
from xianxue.accounts.services.parts import refuse_alone, subject_of, tell
from xianxue.accounts.services.provider.flow import Answer
from xianxue.accounts.services.sign_in import count_attempt
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.crypto import digest
from xianxue.kernel.history.records import record
from xianxue.organisations.roles import ADMINISTRATORS


class NoAccount(Exception):
    """The provider has signed somebody in who cannot come in here; the text says why and what to do."""

    def __init__(self, message: str, user: User | None = None) -> None:
        super().__init__(message)
        self.message, self.user = message, user


def user_of(answer: Answer, address: str) -> User:
    """The user whom the answer means; pinned to the person at the provider the first time. Raises NoAccount.

    A failure is written down for the audit administrator.
    """
    try:
        return _found(answer)
    except NoAccount as refusal:
        failure = count_attempt(digest("provider", answer.subject), address, FailureKind.PROVIDER, refusal.user)
        # The password was not guessed here: it locks nobody out.
        failure.is_cleared = True
        failure.save(update_fields=["is_cleared"])
        raise


def _found(answer: Answer) -> User:
    pinned = ExternalIdentity.objects.filter(issuer=answer.issuer, subject=answer.subject).first()
    user = pinned.user if pinned else _named(answer.claim)
    name = settings.OIDC_NAME
    if user is None or (user.is_demo and not settings.DEMO):
        raise NoAccount(
            _("未能登录：“%(name)s”里的这个人在本系统还没有账号。请找安全管理员核对用户名或工号。") % {"name": name}
        )
    if not user.is_active:
        raise NoAccount(_("未能登录：您在本系统的账号已停用。请找安全管理员。"), user)
    if roles_from(user, timezone.localdate()) & set(ADMINISTRATORS):
        # Whoever runs the provider would otherwise be administrator here.
        raise NoAccount(_("未能登录：管理员不从“%(name)s”登录。请用本系统的用户名和密码。") % {"name": name}, user)
    if pinned is None:
        _link_first(user, answer)
    return user


def _named(value: str) -> User | None:
    if not value:
        return None
    by = {"worker_number": value} if settings.OIDC_MATCH == "worker_number" else {"username__iexact": value}
    user: User | None = User.objects.filter(**by).first()
    return user


def _link_first(user: User, answer: Answer) -> None:
    if ExternalIdentity.objects.filter(user=user, issuer=answer.issuer).exists():
        raise NoAccount(
            _("未能登录：这个账号已与“%(name)s”里的另一个人关联。请找安全管理员核对。") % {"name": settings.OIDC_NAME},
            user,
        )
    _link(user, issuer=answer.issuer, subject=answer.subject, by=Actor(user.pk, user.name))


@command("accounts.link_identity", label=gettext_lazy("关联统一身份认证"))
def _link(user: User, *, issuer: str, subject: str, by: Actor) -> None:
    ExternalIdentity.objects.create(user=user, issuer=issuer, subject=subject)
    record(subject_of(user), facts={"issuer": issuer})


@command("accounts.unlink_identity", label=gettext_lazy("解除统一身份认证的关联"))
def unlink(user: User, *, by: Actor) -> None:
    """Forget who the user is at the provider; the next sign-in through it links anew by the claim."""
    refuse_alone(user, by)
    removed, _each = ExternalIdentity.objects.filter(user=user).delete()
    if not removed:
        raise Refused(_("未作改动：该用户没有关联统一身份认证。"))
    if user.pk != by.user_id:
        tell(user, _("%(by)s解除了您与统一身份认证的关联。"), by)
    record(subject_of(user), facts={"unlinked": removed})
