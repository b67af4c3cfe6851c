"""Comparing the log with what a witness kept, and sending witnesses the newest checkpoint."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel.access import system_actor
from xianxue.kernel.history import checkpoints, signing
from xianxue.kernel.history.checkpoints import Note
from xianxue.kernel.history.merkle import root_at
from xianxue.kernel.history.models import Checkpoint, LogHead
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.tree import StoredNodes


@dataclass(frozen=True)
class Comparison:
    """Whether a kept checkpoint is of this log, in a sentence; `size` where a proof can be had."""

    is_same: bool
    text: str
    size: int | None = None


def compared(note: Note) -> Comparison:
    """Compare the stored tree with a checkpoint that was kept outside the house."""
    head = LogHead.objects.first()
    facts = {"size": note.size, "now": head.size if head else 0}
    if head is None or note.origin != f"xianxue/{head.log_id}":
        return Comparison(is_same=False, text=_("不符：这个检查点出自另一份留痕，不是本系统签发的。"))
    if not note.is_signed_by(signing.public_keys()):
        return Comparison(is_same=False, text=_("不符：签名无效，文件被改过，或不是本系统的密钥签的。"))
    if note.size > head.size:
        text = _("不符：检查点有 %(size)s 条，系统里只有 %(now)s 条：留痕被截断，或恢复了旧备份。") % facts
        return Comparison(is_same=False, text=text)
    if _root(note) != note.root:
        text = _("不符：前 %(size)s 条留痕与检查点不一致，被改写过。请保存好手里的检查点，并报告审计监督。") % facts
        return Comparison(is_same=False, text=text)
    text = _("相符：检查点的 %(size)s 条，是现在 %(now)s 条留痕的开头，没有被改写。") % facts
    return Comparison(is_same=True, text=text, size=note.size)


def _root(note: Note) -> str:
    try:
        return root_at(StoredNodes(note.algorithm), note.size).hex()
    except KeyError:
        return ""


def check_address(checkpoint: Checkpoint) -> str:
    """Where the short root on paper is checked."""
    path = reverse("checkpoint-check", args=[checkpoint.size, checkpoint.root[:16]])
    return settings.BASE_URL + path


def send_to_witnesses() -> str:
    """Sign a checkpoint and mail it to the witnesses of the settings; returns how many, for the record of the run."""
    made = checkpoint_now(_("每日寄送见证人"), by=system_actor("task"))
    if not settings.WITNESS_MAILS:
        return _("没有设置见证人邮箱")
    message = EmailMessage(
        subject=_("留痕检查点：%(size)s 条，%(root)s") % {"size": made.size, "root": checkpoints.short_root(made.root)},
        body=_MAIL
        % {
            "size": made.size,
            "root": checkpoints.short_root(made.root),
            "key": made.key_id,
            "address": check_address(made),
            "evidence": settings.BASE_URL + reverse("evidence"),
        },
        bcc=settings.WITNESS_MAILS,
    )
    message.attach(f"checkpoint-{made.size}.txt", checkpoints.note_of(made).encode(), "text/plain; charset=utf-8")
    message.send()
    return _("已寄 %(count)s 人") % {"count": len(settings.WITNESS_MAILS)}


_MAIL = """您好：

您是本系统留痕的见证人。附件是今天的检查点，请原样保存，不必回复。

留痕 %(size)s 条，短码 %(root)s，签名密钥编号 %(key)s
核对短码：%(address)s
用自己保存的检查点核对：%(evidence)s

将来如对记录有疑问，以您保存的检查点为凭：它能查出此前的留痕是否被改写、截断，或系统是否恢复过旧备份。
"""
