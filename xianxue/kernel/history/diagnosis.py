"""What was done to an event that does not fit: altered, moved, put in, left out. Asked only where something is wrong."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from xianxue.kernel.history.canonical import leaf_hash
from xianxue.kernel.history.models import Event

# Kinds of faults, in the words that the verifier of evidence uses too: a report reads the same wherever it was made.
ALTERED, LOST, MOVED, INSERTED = "篡改", "缺失", "乱序", "插入"
CUT, SAID, UNFIT = "截断", "内容被改", "检查点不符"


class Fault(NamedTuple):
    """What is wrong: with which event (0: with none), in one word, in a sentence, and what the event is about."""

    seq: int
    kind: str
    text: str
    about: str = ""

    def __str__(self) -> str:
        about = f"（{self.about}）" if self.about else ""
        return f"第 {self.seq} 条{about}{self.kind}：{self.text}" if self.seq else f"{self.kind}：{self.text}"


def about(row: Mapping[str, Any]) -> str:
    """What an event is about, without names."""
    return f"{row['subject_type']} {row['subject_id']}，{row['action']}，{row['at']}"


def is_genuine(row: Mapping[str, Any], claimed: str) -> bool:
    """Whether the event's hash fits its columns; a column of the wrong kind fits nothing."""
    try:
        return leaf_hash(row, row["algorithm"]) == claimed
    except (TypeError, ValueError):
        return False


def of_altered(row: Mapping[str, Any], claimed: str) -> Fault:
    """An event whose hash does not fit: it was altered, or stands in another's place."""
    before = Event.objects.filter(leaf_hash=row["prev_hash"]).values_list("seq", flat=True).first()
    if before is not None and before + 1 != row["seq"] and is_genuine({**row, "seq": before + 1}, claimed):
        text = _("这一条原是第 %(seq)s 条，被挪到了这里。") % {"seq": before + 1}
        return Fault(row["seq"], MOVED, text, about(row))
    for seq in (row["seq"] - 1, row["seq"] + 1):
        if is_genuine({**row, "seq": seq}, claimed):
            text = _("这一条原是第 %(seq)s 条，被挪到了这里。") % {"seq": seq}
            return Fault(row["seq"], MOVED, text, about(row))
    return Fault(row["seq"], ALTERED, _("内容与它的摘要不符。"), about(row))


def of_unchained(row: Mapping[str, Any], before: Mapping[str, Any] | None, claimed_before: str) -> Fault:
    """An event, genuine by itself, that does not follow the one before, whose leaf hash is `claimed_before`."""
    seq = row["seq"]
    if before is None:
        return Fault(seq, ALTERED, _("它前面本应还有别的留痕。"), about(row))
    if row["prev_hash"] == before["prev_hash"]:
        text = _("后一条不以它为前一条，它是后来加进去的。")
        return Fault(seq - 1, INSERTED, text, about(before))
    after = Event.objects.filter(prev_hash=claimed_before).values_list("seq", flat=True).first()
    if after is not None and after > seq:
        text = _("前一条之后本是现在的第 %(after)s 条，它是后来加进去的。") % {"after": after}
        return Fault(seq, INSERTED, text, about(row))
    real = Event.objects.filter(leaf_hash=row["prev_hash"]).values_list("seq", flat=True).first()
    if real is not None and real < seq - 1:
        text = _("后一条紧接第 %(real)s 条，中间的是后来加进去的。") % {"real": real}
        return Fault(seq - 1, INSERTED, text, about(before))
    return Fault(seq - 1, ALTERED, _("整条被换过：后一条记着的不是它的摘要。"), about(before))
