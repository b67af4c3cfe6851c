"""Requests that a second person confirms, and the words of sign-in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """What one administrator asks for and another person must confirm."""

    ROLE = "role", _("授予角色")
    PASSWORD = "password", _("重置管理员或局长的密码")
    FACTOR = "factor", _("解除管理员或局长的动态口令")


class SignInWay(models.TextChoices):
    """By which means a session was opened."""

    PASSWORD = "password", _("密码")
    CODE = "code", _("密码和动态口令")
    RECOVERY = "recovery", _("密码和恢复码")
    PROVIDER = "provider", _("统一身份认证")
    DEMO = "demo", _("演示")


class SignOutReason(models.TextChoices):
    """Why a session ended."""

    SIGNED_OUT = "signed_out", _("本人退出")
    ENDED_ELSEWHERE = "ended_elsewhere", _("本人在别处退出")
    ADMINISTRATOR = "administrator", _("安全管理员结束")
    IDLE = "idle", _("久未操作")
    TOO_LONG = "too_long", _("超过最长时间")
    PASSWORD = "password", _("密码已变")
    FACTOR = "factor", _("动态口令已变")
    SWITCHED_OFF = "switched_off", _("账号停用")
    POSTING_ENDED = "posting_ended", _("授权结束")
    REPLACED = "replaced", _("换了会话")


class FailureKind(models.TextChoices):
    """At which step signing in failed."""

    PASSWORD = "password", _("用户名或密码")
    CODE = "code", _("动态口令")
    PROVIDER = "provider", _("统一身份认证")
