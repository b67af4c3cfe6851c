"""Users, the postings that give them their reach, and failed sign-ins."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.choices import Role
from xianxue.organisations.models import Unit


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with that name, whatever the case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Someone who can sign in. Rights come from postings alone: there is no superuser."""

    username = models.CharField(_("用户名"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=30)
    is_active = models.BooleanField(_("是否启用"), default=True)
    is_demo = models.BooleanField(_("是否演示人员"), default=False)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name

    @property
    def last_sign_in_on(self) -> date | None:
        """Day of the latest sign-in, in China."""
        return localtime(self.last_login).date() if self.last_login else None


class Posting(models.Model):
    """A role at a unit, from one day to another: what a user may reach."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("单位"))
    office = models.CharField(_("所在科室"), max_length=30, blank=True)
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任职授权")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "unit"), condition=Q(ended_on__isnull=True), name="one_open_posting_per_role"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="posting_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.unit_id}"

    @property
    def role_name(self) -> str:
        """The role in words."""
        return self.get_role_display()


class SignInFailure(models.Model):
    """A failed sign-in: the name tried and the address as keyed digests, never in the clear."""

    name_digest = models.CharField(_("用户名摘要"), max_length=32, db_index=True)
    address_digest = models.CharField(_("来源摘要"), max_length=32, db_index=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录失败")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class SignIn(models.Model):
    """A successful sign-in and the session it opened, so that people see where they are signed in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("用户"))
    session_key = models.CharField(_("会话"), max_length=40, unique=True)
    agent = models.CharField(_("浏览器"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("登录时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("登录")

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
