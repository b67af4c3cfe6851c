"""Where a person wants to be told, and how far they have been."""

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.crypto import SealedTextField


class ChannelKind(models.TextChoices):
    """By which way."""

    MAIL = "mail", _("邮件")
    WECOM = "wecom", _("企业微信机器人")
    DINGTALK = "dingtalk", _("钉钉机器人")


class Channel(models.Model):
    """A way to one person. `address`: of the mail, or of the robot; `secret`: what a robot of 钉钉 signs with (加签).

    `told_through` is the last notice that the person was told of, or that was looked at for them. Between `quiet_from`
    and `quiet_to` (China's time; over midnight where the first is later) nothing is sent. `due_at`: not before; put off
    by every failure, of which `failures` counts those in a row. `ended_at`: taken away, or given up because of `answered`.
    """

    user_id = models.BigIntegerField(_("本人账号编号"))
    kind = models.CharField(_("渠道"), max_length=10, choices=ChannelKind)
    address = SealedTextField(_("地址"))
    secret = SealedTextField(_("加签密钥"), blank=True)
    quiet_from = models.TimeField(_("免打扰开始"), default=time(21))
    quiet_to = models.TimeField(_("免打扰结束"), default=time(7))
    made_at = models.DateTimeField(_("添加时间"), default=timezone.now)
    told_through = models.BigIntegerField(_("已提醒到第几条"), default=0)
    due_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    sent_at = models.DateTimeField(_("上次送达"), null=True)
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    answered = models.CharField(_("最近结果"), max_length=120, blank=True)
    is_given_up = models.BooleanField(_("是否已停发"), default=False)
    ended_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("提醒渠道")
        constraints = (
            models.UniqueConstraint(
                fields=("user_id", "kind"),
                condition=Q(ended_at__isnull=True),
                name="one_channel_of_a_kind",
                violation_error_message=_("未能添加：您已有同一种提醒渠道。请先停用原来的，再添加新的。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

    def is_quiet(self, at: time) -> bool:
        """Whether nothing is sent at that time of the day; never, where both ends are the same."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to
