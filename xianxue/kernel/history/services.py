"""Commands of the log itself: signing a checkpoint, and lawful erasure of what an event says."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, nothing_changed, refuse_if
from xianxue.kernel.history import checkpoints, signing, tree
from xianxue.kernel.history.models import Checkpoint, Erasure, Event, Payload
from xianxue.kernel.history.records import MOMENT, Draft, Subject, record_many

EVENT = "history.event"
ERASED = "history.erase_payload"
REASON_LIMIT = 80


@command("history.checkpoint", label=gettext_lazy("签发检查点"))
def checkpoint_now(reason: str, *, by: Actor) -> Checkpoint:
    """Sign the root of the log as it stands; `reason` says at what occasion, in a few words without names.

    Call it last in a closing act: what the running command records afterwards is not covered. Where nothing was
    recorded since the last checkpoint, that one is returned. Refuses where the signing key is missing.
    """
    nothing_changed()  # the checkpoint is its own trace
    head = tree.open_head()
    frontier = tree.frontier_of(head)
    try:
        last, key_id = checkpoints.latest(), signing.key_id_of(signing.public_key())
    except signing.NoSigningKey as error:
        raise Refused(
            _("未签发检查点：找不到签名私钥。请由安全管理员放回私钥，或用 xianxue keys 生成新的。")
        ) from error
    if last and (last.size, last.root, last.key_id) == (head.size, frontier.root().hex(), key_id):
        return last
    made = Checkpoint(
        origin=f"xianxue/{head.log_id}", size=head.size, root=frontier.root().hex(), algorithm=head.algorithm,
        at=datetime.now(UTC).strftime(MOMENT), reason=reason[:REASON_LIMIT],
    )  # fmt: skip
    signature = signing.sign(checkpoints.body_of(made))
    made.key_id, made.signature_algorithm = signature.key_id, signature.algorithm
    made.signature = signature.value.hex()
    made.save(force_insert=True)
    return made


@command(ERASED, label=gettext_lazy("依法删除留痕内容"))
def erase_payload(numbers: Collection[int], *, reason: str, basis: str, by: Actor) -> int:
    """Delete what these events say, for good; the events themselves and their hashes stay. Returns how many.

    `basis` is the law or order, `reason` the occasion: each erasure is an event of its own that carries both. Refuses
    without them, and for a number that is not there or was erased before.
    """
    refuse_if(_("未删除：没有写明理由和法律依据。请补充后再办。") if not (reason.strip() and basis.strip()) else None)
    there = set(Payload.objects.filter(event_id__in=numbers).values_list("event_id", flat=True))
    if absent := sorted(set(numbers) - there):
        facts = {"numbers": "、".join(map(str, absent))}
        raise Refused(_("未删除：第 %(numbers)s 条没有内容，或已经删除过。请核对编号。") % facts)
    units = dict(Event.objects.filter(seq__in=there).values_list("seq", "unit_id"))
    wanted = sorted(there)
    recorded = record_many(
        Draft(Subject(EVENT, seq), unit_id=units[seq], note=reason, facts={"basis": basis}) for seq in wanted
    )
    erasures = (Erasure(event_id=seq, recorded_by=by_seq) for seq, by_seq in zip(wanted, recorded, strict=True))
    Erasure.objects.bulk_create(erasures)
    Payload.objects.filter(event_id__in=wanted).delete()
    return len(wanted)
