"""States of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an import stands."""

    RECEIVED = "received", _("已收到")
    READING = "reading", _("正在读取")
    CHECKING = "checking", _("正在检查")
    READY = "ready", _("待写入")
    APPLYING = "applying", _("正在写入")
    APPLIED = "applied", _("已写入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("未能导入")
    CANCELLED = "cancelled", _("已取消")


BEFORE_CHECK = (State.RECEIVED, State.READING, State.CHECKING)
MOVING = (*BEFORE_CHECK, State.APPLYING, State.UNDOING)


class Outcome(models.TextChoices):
    """What an import would do with a row."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("变更")
    SAME = "same", _("相同")
    WRONG = "wrong", _("有错")
    REPEATED = "repeated", _("重复")
    MISSING = "missing", _("不在表中")
