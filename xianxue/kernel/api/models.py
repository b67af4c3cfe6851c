"""Tokens and where they were used, answers kept for repeated requests, webhooks and their deliveries."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.crypto import SealedTextField


class ServiceAccount(models.Model):
    """A user who is no person but another system: cannot sign in, acts through tokens alone."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("用户")
    )
    purpose = models.CharField(_("用途"), max_length=120)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务账号")

    def __str__(self) -> str:
        return self.purpose


class Token(models.Model):
    """A key of another program, which acts as its owner within `scopes` and `units`.

    `prefix` recognises it; of the secret only a hash is kept. `units` holds primary keys of units ([]: all that the
    owner reaches), `networks` the CIDR ranges from which it is accepted ([]: any). `window` is the minute of which
    `requests` counts the requests.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("所有人"))
    name = models.CharField(_("名称"), max_length=60)
    prefix = models.CharField(_("前缀"), max_length=12, unique=True)
    secret_hash = models.CharField(_("密钥摘要"), max_length=64)
    scopes = models.JSONField(_("范围"), default=list)
    units = models.JSONField(_("限定单位"), default=list, blank=True)
    networks = models.JSONField(_("限定来源"), default=list, blank=True)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("上次使用"), null=True, blank=True)
    last_address = models.CharField(_("上次来源"), max_length=45, blank=True)
    window = models.BigIntegerField(_("计数分钟"), default=0)
    requests = models.PositiveIntegerField(_("本分钟请求数"), default=0)

    objects: ClassVar[models.Manager["Token"]] = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_is_made"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        """Whether it is accepted now, as far as time goes."""
        return self.revoked_at is None and self.expires_at > timezone.now()


class TokenAddress(models.Model):
    """An address from which a token was used, or tried against its networks."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="addresses", verbose_name=_("接口令牌"))
    address = models.CharField(_("来源地址"), max_length=45)
    is_refused = models.BooleanField(_("是否被拒"), default=False)
    first_seen_at = models.DateTimeField(_("首次出现"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("最近出现"))

    class Meta:
        verbose_name = verbose_name_plural = _("令牌来源")
        constraints = (models.UniqueConstraint(fields=("token", "address"), name="one_row_per_token_and_address"),)

    def __str__(self) -> str:
        return self.address


class KeptAnswer(models.Model):
    """The answer to a write, kept with it in one transaction, so that the same request does nothing twice."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="kept_answers", verbose_name=_("接口令牌"))
    key = models.CharField(_("幂等键"), max_length=100)
    request_digest = models.CharField(_("请求摘要"), max_length=64)
    status = models.PositiveSmallIntegerField(_("状态码"))
    body = SealedTextField(_("应答"))
    headers = models.JSONField(_("应答头"), default=dict)
    expires_at = models.DateTimeField(_("到期时间"), db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("保留的应答")
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="one_answer_per_key"),)

    def __str__(self) -> str:
        return self.key


class Subscription(models.Model):
    """An address that is told of changes, in the name of a token: which registers, units and actions.

    `cursor` is the last event looked at: what follows it in the log is still to be told.
    """

    token = models.ForeignKey(Token, models.CASCADE, related_name="subscriptions", verbose_name=_("接口令牌"))
    url = models.CharField(_("接收地址"), max_length=300)
    registers = models.JSONField(_("登记"), default=list)
    actions = models.JSONField(_("操作"), default=list, blank=True)
    units = models.JSONField(_("限定单位"), default=list, blank=True)
    secret = SealedTextField(_("签名密钥"))
    cursor = models.BigIntegerField(_("已读到的留痕"))
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("停止时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("变更通知")

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("待发")
    DELIVERED = "delivered", _("已送达")
    DEAD = "dead", _("已放弃")


class Delivery(models.Model):
    """One notice to one address. `due_at` is when it is tried next; `seq` the event that it tells of."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="deliveries", verbose_name=_("变更通知")
    )
    seq = models.BigIntegerField(_("留痕序号"))
    message_id = models.CharField(_("消息编号"), max_length=40, unique=True)
    body = models.JSONField(_("内容"))
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    due_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    answered = models.CharField(_("最近结果"), max_length=120, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知投递")
        constraints = (models.UniqueConstraint(fields=("subscription", "seq"), name="one_delivery_per_event"),)
        indexes = (models.Index(fields=("due_at",), condition=Q(state="waiting"), name="delivery_due"),)

    def __str__(self) -> str:
        return self.message_id

    @property
    def state_name(self) -> str:
        """The state in words."""
        return self.get_state_display()
