"""Signing in: failures, sessions, the second factor, and who one is at the county's identity provider."""

from datetime import datetime

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.choices import FailureKind, SignInWay, SignOutReason
from xianxue.accounts.models.users import User
from xianxue.kernel.crypto import SealedTextField


def _minute(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


class SignInFailure(models.Model):
    """A failed sign-in: the name tried and the address as keyed digests, never in the clear."""

    name_digest = models.CharField(_("用户名摘要"), max_length=32, db_index=True)
    address_digest = models.CharField(_("来源摘要"), max_length=32, db_index=True)
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="sign_in_failures", verbose_name=_("用户")
    )
    kind = models.CharField(_("失败环节"), max_length=10, choices=FailureKind, default=FailureKind.PASSWORD)
    network = models.CharField(_("来源网络"), max_length=60, blank=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    is_cleared = models.BooleanField(_("是否已解除"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("登录失败")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"

    @property
    def when(self) -> str:
        """When it happened, in China, to the minute."""
        return _minute(self.at)

    @property
    def kind_name(self) -> str:
        """The step that failed, in words."""
        return self.get_kind_display()


class SignIn(models.Model):
    """A successful sign-in and the session it opened, so that people see where they are signed in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("用户"))
    session_key = models.CharField(
        _("会话"), max_length=40, unique=True, error_messages={"unique": _("未能登录：会话编号重复。请再登录一次。")}
    )
    agent = models.CharField(_("浏览器"), max_length=60, blank=True)
    network = models.CharField(_("来源网络"), max_length=60, blank=True)
    way = models.CharField(_("登录方式"), max_length=10, choices=SignInWay, default=SignInWay.PASSWORD)
    started_at = models.DateTimeField(_("登录时间"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("最近操作"), null=True, blank=True)
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    end_reason = models.CharField(_("退出原因"), max_length=20, choices=SignOutReason, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"

    @property
    def started_when(self) -> str:
        """When the session began, in China, to the minute."""
        return _minute(self.started_at)

    @property
    def seen_when(self) -> str:
        """When the person was last seen, in China, to the minute."""
        return _minute(self.last_seen_at)

    @property
    def ended_when(self) -> str:
        """When the session ended, in China, to the minute; empty while it lasts."""
        return _minute(self.ended_at)

    @property
    def way_name(self) -> str:
        """How the person signed in, in words."""
        return self.get_way_display()

    @property
    def end_reason_name(self) -> str:
        """Why the session ended, in words; empty while it lasts."""
        return self.get_end_reason_display()


class SecondFactor(models.Model):
    """The secret that a user's telephone shares with us (RFC 6238); kept only once a code has proved that it arrived."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor", verbose_name=_("用户"))
    secret = SealedTextField(_("密钥"))
    confirmed_at = models.DateTimeField(_("启用时间"), auto_now_add=True)
    last_step = models.BigIntegerField(_("最近用过的时间步"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("动态口令")

    def __str__(self) -> str:
        return f"{self.confirmed_at:%Y-%m-%d}"


class RecoveryCode(models.Model):
    """A code for the day the telephone is lost: shown once, kept as a keyed digest, good for one sign-in."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes", verbose_name=_("动态口令"))
    digest = models.CharField(_("摘要"), max_length=32)
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("恢复码")
        constraints = (
            models.UniqueConstraint(
                fields=("factor", "digest"),
                name="one_recovery_code_per_digest",
                violation_error_message=_("未能生成恢复码：有两个恢复码相同。请再生成一次。"),
            ),
        )

    def __str__(self) -> str:
        return "已用" if self.used_at else "未用"


class ExternalIdentity(models.Model):
    """Who a user is at the county's identity provider: pinned at the first sign-in through it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="external_identities", verbose_name=_("用户"))
    issuer = models.CharField(_("颁发者"), max_length=200)
    subject = models.CharField(_("外部标识"), max_length=255)
    linked_at = models.DateTimeField(_("关联时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外部身份")
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "subject"),
                name="one_user_per_external_identity",
                violation_error_message=_("未能绑定：这个统一身份已经绑定了另一个账号。请先在那个账号上解除绑定。"),
            ),
            models.UniqueConstraint(
                fields=("user", "issuer"),
                name="one_external_identity_per_issuer",
                violation_error_message=_("未能绑定：这个账号已经绑定了同一平台的另一个统一身份。请先解除原有的绑定。"),
            ),
        )

    def __str__(self) -> str:
        return self.issuer
