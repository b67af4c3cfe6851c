"""The second factor: six digits that the telephone makes of a shared secret (RFC 6238), and codes for when it is lost."""

import hmac
import secrets
import time

import pyotp
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts import rules
from xianxue.accounts.choices import FailureKind, RequestKind, SignInWay, SignOutReason
from xianxue.accounts.models import AccountRequest, RecoveryCode, SecondFactor, User
from xianxue.accounts.selectors import roles_from
from xianxue.accounts.services.parts import end_sessions, subject_of, tell
from xianxue.accounts.services.passwords import ALPHABET, refuse_wrong
from xianxue.accounts.services.requests import decide, open_request
from xianxue.accounts.services.sign_in import Locked, count_attempt, forgive, locked_until, not_counted, succeeded
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.crypto import digest
from xianxue.kernel.history.records import record

STEP_SECONDS = 30
# One step either way: telephones go wrong by seconds, and typing takes some.
STEPS_ASIDE = 1
RECOVERY_CODES = 10


def new_secret() -> str:
    """A secret of 160 bits, as RFC 4226 asks for."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """What the QR code says to the telephone."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def _step_of(secret: str, code: str) -> int | None:
    """The step of thirty seconds whose code this is, of those near now; all are compared, whichever fits."""
    now, totp = int(time.time()) // STEP_SECONDS, pyotp.TOTP(secret)
    found = None
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def _spend(factor: SecondFactor, code: str) -> SignInWay | None:
    """Use a code up, atomically: of two that come at once, or again, only one counts."""
    clean = code.replace(" ", "").replace("-", "").casefold()
    if len(clean) == 6 and clean.isascii() and clean.isdecimal():
        step = _step_of(factor.secret, clean)
        fresh = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step) if step else None
        return SignInWay.CODE if fresh is not None and fresh.update(last_step=step) else None
    unused = RecoveryCode.objects.filter(factor=factor, digest=_digest(factor.user_id, clean), used_at=None)
    return SignInWay.RECOVERY if unused.update(used_at=timezone.now()) else None


def try_code(user: User, code: str, address: str) -> SignInWay | Locked | None:
    """How the code was right, which uses it up; Locked with the time after too many wrong ones; None when wrong."""
    factor = SecondFactor.objects.filter(user=user).first()
    this = count_attempt(_name_of(user), address, FailureKind.CODE, user)
    until = locked_until(this)
    if until is not None:
        return not_counted(this, until)
    way = _spend(factor, code) if factor else None
    if way is not None:
        succeeded(this)
    return way


def _name_of(user: User) -> str:
    return digest("second-factor", str(user.pk))


def _digest(user_id: int, code: str) -> str:
    # Fifty random bits under a key that is not in the database: a slow hash would add nothing.
    return digest("recovery-code", f"{user_id} {code}")


@command("accounts.enable_factor", label=gettext_lazy("启用动态口令"))
def enable_factor(user: User, *, secret: str, code: str, by: Actor, but: str = "") -> list[str]:
    """Keep the secret once a code shows that the telephone has it; returns the recovery codes, shown this once.

    Ends the user's sessions that were opened without it, all but the one with the key `but`.
    """
    _refuse_other(user, by)
    if SecondFactor.objects.filter(user=user).exists():
        raise Refused(_("未能启用：您已在用动态口令。请先停用原来的。"))
    step = _step_of(secret, code.replace(" ", ""))
    if step is None:
        raise Refused(_("未能启用：口令不对。请核对手机时间是否自动校准，再填手机上现在显示的 6 位数。"), field="code")
    factor = SecondFactor.objects.create(user=user, secret=secret, last_step=step)
    codes = _new_codes(factor)
    end_sessions(user, SignOutReason.FACTOR, but=but)
    record(subject_of(user), {"has_second_factor": ["0", "1"]})
    return codes


def _refuse_other(user: User, by: Actor) -> None:
    if user.pk != by.user_id:
        raise Refused(_("未作改动：动态口令只能由本人设置。"))


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(10)) for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(factor=factor).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=_digest(factor.user_id, code)) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _proved(user: User, code: str, address: str) -> None:
    found = try_code(user, code, address)
    if isinstance(found, Locked):
        raise Refused(_("未作改动：错误次数过多，请稍后再试。"), field="code")
    if found is None:
        raise Refused(_("未作改动：动态口令或恢复码不对，或已经用过。请填手机上现在显示的 6 位数。"), field="code")


@command("accounts.renew_recovery_codes", label=gettext_lazy("更换恢复码"))
def _renew(user: User, *, by: Actor) -> list[str]:
    codes = _new_codes(SecondFactor.objects.get(user=user))
    record(subject_of(user), facts={"recovery_codes": len(codes)})
    return codes


def renew_recovery_codes(user: User, *, code: str, address: str, by: Actor) -> list[str]:
    """New recovery codes in place of the old ones, shown this once. Refuses without a right code."""
    _refuse_other(user, by)
    # Outside the command: a wrong code must stay counted when the command is rolled back.
    _proved(user, code, address)
    return _renew(user, by=by)


@command("accounts.disable_factor", label=gettext_lazy("停用动态口令"))
def _disable(user: User, *, but: str, by: Actor) -> None:
    _drop(user)
    end_sessions(user, SignOutReason.FACTOR, but=but)
    record(subject_of(user), {"has_second_factor": ["1", "0"]})


def disable_factor(user: User, *, password: str, code: str, address: str, by: Actor, but: str = "") -> None:
    """Stop using one's own second factor, for a new telephone. Refuses without the password and a right code."""
    _refuse_other(user, by)
    refuse_wrong(user, password, address, Refused(_("未作改动：密码不正确。请重新填写。"), field="password"))
    _proved(user, code, address)
    _disable(user, but=but, by=by)


def _drop(user: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    forgive(_name_of(user))


@command("accounts.remove_factor", label=gettext_lazy("解除动态口令"))
def remove_factor(user: User, *, reason: str, by: Actor) -> None:
    """Take the second factor off somebody who lost telephone and codes; with a reason, and the user is told.

    Takes two people for administrators and the director.
    """
    _refuse_removal(user, by)
    if not reason.strip():
        raise Refused(_("未作改动：须写明理由和怎样核实了本人身份。"), field="reason")
    if by.user_id is not None and rules.needs_second_person(roles_from(user, timezone.localdate())):
        raise Refused(_("未作改动：管理员和局长的动态口令须由两人解除。请提出申请，由另一人确认。"))
    _remove(user, reason.strip(), by)


def _refuse_removal(user: User, by: Actor) -> None:
    if user.pk == by.user_id:
        raise Refused(_("未作改动：自己的动态口令请在“我的账号”里停用。"))
    if not SecondFactor.objects.filter(user=user).exists():
        raise Refused(_("未作改动：该用户没有启用动态口令。"))


def _remove(user: User, reason: str, by: Actor) -> None:
    _drop(user)
    end_sessions(user, SignOutReason.FACTOR)
    tell(user, _("%(by)s解除了您的动态口令。如果不是您要求的，请马上告诉审计管理员。"), by)
    record(subject_of(user), {"has_second_factor": ["1", "0"]}, note=reason)


@command("accounts.ask_to_remove_factor", label=gettext_lazy("申请解除管理员的动态口令"))
def ask_to_remove_factor(user: User, *, reason: str, by: Actor) -> AccountRequest:
    """Ask to take the second factor off an administrator or the director; a second person must confirm."""
    _refuse_removal(user, by)
    return open_request(user, RequestKind.FACTOR, reason=reason, by=by)


@command("accounts.confirm_removal", label=gettext_lazy("确认解除管理员的动态口令"))
def confirm_removal(request: AccountRequest, *, by: Actor) -> None:
    """The second person agrees: the second factor is off."""
    decide(request, granted=True, by=by)
    _refuse_removal(request.user, by)
    _remove(request.user, request.reason, by)
