"""Users, the passwords they had, and what they must be told."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Finds users by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with that name, whatever the case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Someone who can sign in. Rights come from postings alone: there is no superuser."""

    username = models.CharField(
        _("用户名"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("未能保存：这个用户名已有人用。请改用别的用户名。")},
    )
    name = models.CharField(_("姓名"), max_length=30)
    worker_number = models.CharField(_("工号"), max_length=30, blank=True)
    is_active = models.BooleanField(_("是否启用"), default=True)
    is_demo = models.BooleanField(_("是否演示人员"), default=False)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    temporary_until = models.DateTimeField(_("临时密码有效至"), null=True, blank=True)
    temporary_used_at = models.DateTimeField(_("临时密码使用时间"), null=True, blank=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")
        constraints = (
            models.UniqueConstraint(
                fields=("worker_number",),
                condition=~Q(worker_number=""),
                name="one_user_per_worker_number",
                violation_error_message=_("未能保存：这个工号已经是另一个账号的。请核对工号。"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def last_sign_in_on(self) -> date | None:
        """Day of the latest sign-in, in China."""
        return localtime(self.last_login).date() if self.last_login else None

    @property
    def has_second_factor(self) -> bool:
        """Whether a second factor is in use; `select_related("second_factor")` saves the query."""
        return getattr(self, "second_factor", None) is not None


class PasswordRecord(models.Model):
    """A password that a user had, hashed, so that it is not taken again soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords", verbose_name=_("用户"))
    password = models.CharField(_("密码摘要"), max_length=128)
    at = models.DateTimeField(_("启用时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用过的密码")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class AccountNotice(models.Model):
    """What somebody else did to a user's account, told at the next sign-in and kept on the account page."""

    user = models.ForeignKey(User, models.CASCADE, related_name="account_notices", verbose_name=_("用户"))
    text = models.CharField(_("内容"), max_length=200)
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    seen_at = models.DateTimeField(_("看到时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("账号通知")

    def __str__(self) -> str:
        return self.text
