"""The append-only log of domain events, and the sealed payloads that its hashes bind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.crypto import SealedTextField


class Event(models.Model):
    """One thing that a command did to one subject.

    `at` is text, to the microsecond, exactly as it was hashed: a database that rounds cannot break the chain.
    `leaf_hash` binds every other column; `prev_hash` is the leaf hash of the event before.
    """

    seq = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.CharField(_("时间"), max_length=27)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True)
    via = models.CharField(_("途径"), max_length=40)
    unit_id = models.BigIntegerField(_("单位编号"), null=True)
    action = models.CharField(_("操作"), max_length=60)
    subject_type = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象编号"))
    salt = models.CharField(_("盐"), max_length=32)
    payload_hash = models.CharField(_("内容摘要"), max_length=64)
    algorithm = models.CharField(_("算法"), max_length=8)
    version = models.PositiveSmallIntegerField(_("格式版本"))
    prev_hash = models.CharField(_("前一摘要"), max_length=64, unique=True)
    leaf_hash = models.CharField(_("摘要"), max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("留痕")
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "seq"), name="event_of_subject"),
            models.Index(fields=("via", "seq"), name="event_of_door"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class Payload(models.Model):
    """What an event says about persons: sealed, erasable by law without breaking the log."""

    event = models.OneToOneField(
        Event, models.PROTECT, primary_key=True, related_name="payload", verbose_name=_("留痕"), db_constraint=False
    )
    body = SealedTextField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("留痕内容")

    def __str__(self) -> str:
        return str(self.pk)


class LogHead(models.Model):
    """One row: how long the log is, and the frontier of the Merkle tree over its leaves; moved with every append.

    `log_id` is drawn when the log begins and names it in checkpoints. `algorithm` hashes the tree's inner nodes and
    stays the same for the whole log; each event says by which one its leaf is hashed.
    """

    log_id = models.CharField(_("留痕编号"), max_length=16)
    algorithm = models.CharField(_("算法"), max_length=8)
    size = models.BigIntegerField(_("条数"))
    frontier = models.TextField(_("树的前沿"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("留痕树")

    def __str__(self) -> str:
        return f"{self.log_id} {self.size}"


class TreeNode(models.Model):
    """Root of a complete subtree of 2^8, 2^16, … leaves; the key is `level << 48 | index`."""

    place = models.BigIntegerField(_("位置"), primary_key=True)
    hash = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("树节点")

    def __str__(self) -> str:
        return str(self.place)


class Checkpoint(models.Model):
    """The root of the tree at one size, signed; what leaves the house is its text (`checkpoints.note_of`)."""

    origin = models.CharField(_("出处"), max_length=80)
    size = models.BigIntegerField(_("条数"), db_index=True)
    root = models.CharField(_("摘要根"), max_length=64)
    algorithm = models.CharField(_("算法"), max_length=8)
    at = models.CharField(_("签发时间"), max_length=27)
    reason = models.CharField(_("签发原因"), max_length=80)
    key_id = models.CharField(_("签名密钥"), max_length=16)
    signature_algorithm = models.CharField(_("签名算法"), max_length=16)
    signature = models.CharField(_("签名"), max_length=256)

    class Meta:
        verbose_name = verbose_name_plural = _("检查点")

    def __str__(self) -> str:
        return f"{self.size} {self.root}"


class Erasure(models.Model):
    """The permission to delete one payload: the database lets a payload go only where this row stands.

    `recorded_by` is the event that says why and on what legal basis.
    """

    event = models.OneToOneField(
        Event, models.PROTECT, primary_key=True, related_name="erasure", verbose_name=_("留痕"), db_constraint=False
    )
    recorded_by = models.BigIntegerField(_("删除留痕序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("内容删除")

    def __str__(self) -> str:
        return str(self.pk)
