"""The evidence of a matter: procedures know which events are its own, evidence knows how they are proved."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.documents import Block, CheckNote, Paragraph, Text
from xianxue.kernel.evidence.packs import pack_response
from xianxue.kernel.evidence.witness import check_address
from xianxue.kernel.history import checkpoints
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Matter
from xianxue.supervision.disclosing import opened_for


def pack(matter: Matter, events: Sequence[int], by: Actor) -> HttpResponse:
    """Everything that the steps wrote, with the papers, as one pack. Raises Refused.

    The events hold values that pages mask: whoever may read those names a purpose first.
    """
    way_in = opened_for(matter, events)
    if way_in is not None:
        return way_in
    return pack_response([(SUBJECT_TYPE, matter.pk)], matter.title, by=by, numbers=events)


def check_lines(_matter: Matter, last_event: int) -> list[Block]:
    """Short root and code of the checkpoint that binds the printed matter; or that none does yet."""
    checkpoint = checkpoints.latest()
    if checkpoint is None or checkpoint.size < last_event or not settings.BASE_URL:
        words = {"number": last_event}
        text = _("打印时，最后一条留痕（第 %(number)s 条）尚未纳入已签名的检查点；需要核验的，请导出证据包。") % words
        return [Paragraph((Text(text),))]
    told = {"size": checkpoint.size, "root": checkpoints.short_root(checkpoint.root), "number": last_event}
    lines = (
        _("留痕检查点：%(size)s 条，短根 %(root)s") % told,
        _("本事项最后一条留痕为第 %(number)s 条。扫码核对短根；证据包可离线核验。") % told,
    )
    return [CheckNote(check_address(checkpoint), lines)]
