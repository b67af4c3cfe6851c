"""Evidence packs: the events of some subjects with all that is needed to check them without the application."""

import io
import json
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.evidence.readme import readme
from xianxue.kernel.evidence.verifier import verifier_source
from xianxue.kernel.files import media, store
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.history import checkpoints, signing
from xianxue.kernel.history.canonical import canonical, hash_hex
from xianxue.kernel.history.merkle import consistency_proof, inclusion_proof
from xianxue.kernel.history.models import Checkpoint, Event
from xianxue.kernel.history.records import COLUMNS, Subject, record
from xianxue.kernel.history.services import ERASED, EVENT, checkpoint_now
from xianxue.kernel.history.tree import StoredNodes

# The same words as in the verifier (`verifier/checks.py`), which may import nothing.
PACK_MARK = b"xianxue-pack\n"
FORMAT = 1
FILES_LIMIT = 300 * 1024 * 1024
# Witnesses keep one checkpoint a day or a week: a pack proves that it continues any of the latest.
EARLIER = 60
SUFFIXES = {media_type: kind for kind, media_type in media.MEDIA_TYPES.items()}


@command("evidence.export_pack", label=gettext_lazy("导出证据包"))
def pack_of(subjects: Sequence[tuple[str, int]], title: str, *, by: Actor, numbers: Collection[int] = ()) -> bytes:
    """A zip with all events of these subjects (type, pk), and the events of these numbers: a complete, signed pack.

    It discloses what those events say, persons included, and the files attached to the subjects: the caller has checked
    that the reader may have all of it. A checkpoint is signed first; the export itself is recorded, with the pack's
    SHA-256. Refuses where there are no events, a stored file is damaged, or the files are too large together.
    """
    checkpoint = checkpoint_now(_("导出证据包"), by=by)
    events = _events(subjects, numbers)
    refuse_if(None if events else _("未导出证据包：这件事没有留痕。请核对后再试。"))
    members: dict[str, bytes] = {
        "events.jsonl": _json_lines(_with_proofs(events, checkpoint)),
        "payloads.jsonl": _json_lines(_payloads(events)),
        "checkpoint.txt": checkpoints.note_of(checkpoint).encode(),
        "consistency.jsonl": _json_lines(_earlier(checkpoint)),
        **_files(events),
        "verify.py": verifier_source().encode(),
    }
    public = signing.public_keys()[checkpoint.key_id]
    members["说明.txt"] = readme(title, checkpoint, signing.key_id_of(public), len(events)).encode("utf-8-sig")
    pack = _zipped(members, _contents(title, checkpoint, public, events, members))
    facts = {"sha256": hash_hex(pack, "sha256"), "events": len(events), "size": checkpoint.size, "title": title}
    of_first = Subject(*subjects[0]) if subjects else Subject(events[0].subject_type, events[0].subject_id)
    record(of_first, facts=facts, unit_id=by.unit_id)
    return pack


def pack_response(
    subjects: Sequence[tuple[str, int]], title: str, *, by: Actor, numbers: Collection[int] = ()
) -> HttpResponse:
    """The pack as a download. Raises Refused."""
    response = HttpResponse(pack_of(subjects, title, by=by, numbers=numbers), content_type="application/zip")
    name = re.sub(r'[\\/:*?"<>|\s]+', " ", title).strip()[:60]
    file_name = _("证据包 %(name)s %(day)s.zip") % {"name": name, "day": timezone.localdate().isoformat()}
    header = content_disposition_header(as_attachment=True, filename=file_name)
    response.headers["Content-Disposition"] = header or "attachment"
    return response


def _events(subjects: Sequence[tuple[str, int]], numbers: Collection[int]) -> list[Event]:
    """Events of the subjects, with the erasures that took away what some of them said."""
    wanted = Q(seq__in=numbers)
    for subject_type, subject_id in subjects:
        wanted |= Q(subject_type=subject_type, subject_id=subject_id)
    events = list(Event.objects.filter(wanted).select_related("payload").order_by("seq"))
    erased = [event.seq for event in events if not hasattr(event, "payload")]
    erasures = Event.objects.filter(action=ERASED, subject_type=EVENT, subject_id__in=erased)
    missing = erasures.exclude(seq__in=[event.seq for event in events]).select_related("payload")
    return sorted([*events, *missing], key=lambda event: event.seq)


def columns_of(event: Event) -> dict[str, Any]:
    """What an event's leaf hash binds."""
    return {name: getattr(event, name) for name in COLUMNS[:-1]}


def _with_proofs(events: Sequence[Event], checkpoint: Checkpoint) -> list[dict[str, Any]]:
    nodes = StoredNodes(checkpoint.algorithm)
    return [
        {
            "event": columns_of(event),
            "leaf_hash": event.leaf_hash,
            "proof": [node.hex() for node in inclusion_proof(nodes, event.seq - 1, checkpoint.size)],
        }
        for event in events
    ]


def _payloads(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [{"seq": event.seq, "body": event.payload.body} for event in events if hasattr(event, "payload")]


def _earlier(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    """Proofs that the log of the checkpoint continues that of the latest ones before it."""
    before = Checkpoint.objects.filter(origin=checkpoint.origin, algorithm=checkpoint.algorithm, size__gt=0)
    sizes = before.filter(size__lt=checkpoint.size).order_by("-size").values_list("size", flat=True).distinct()
    nodes = StoredNodes(checkpoint.algorithm)
    return [
        {"size": size, "proof": [node.hex() for node in consistency_proof(nodes, size, checkpoint.size)]}
        for size in sizes[:EARLIER]
    ]


def _files(events: Sequence[Event]) -> dict[str, bytes]:
    """The files that the events speak of, by their path in the pack; those of erased events stay out."""
    seen = [event.seq for event in events if hasattr(event, "payload")]
    attachments = Attachment.objects.filter(event_seq__in=seen).select_related("file")
    names = {attachment.file: attachment.name for attachment in attachments}
    if sum(file.size for file in names) > FILES_LIMIT:
        limit = {"limit": FILES_LIMIT // 1024 // 1024}
        raise Refused(_("未导出证据包：附件合计超过 %(limit)s MB。请按事项分别导出。") % limit)
    found = {}
    for file, name in names.items():
        try:
            content = b"".join(store.chunks(file.sha256))
        except store.Damaged as error:
            raise Refused(
                _("未导出证据包：附件“%(name)s”缺失或与上传时不符。请联系系统管理员查明。") % {"name": name}
            ) from error
        found[f"files/{file.sha256}.{SUFFIXES.get(file.media_type, 'bin')}"] = content
    return found


def _contents(
    title: str, checkpoint: Checkpoint, public: bytes, events: Sequence[Event], members: Mapping[str, bytes]
) -> bytes:
    return canonical(
        {
            "format": FORMAT,
            "title": title,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "origin": checkpoint.origin,
            "public_key": public.hex(),
            "verifier_key": checkpoints.verifier_key(checkpoint.origin, public),
            "events": [event.seq for event in events],
            "members": {name: hash_hex(content, "sha256") for name, content in members.items()},
        }
    )


def _zipped(members: Mapping[str, bytes], contents: bytes) -> bytes:
    target = io.BytesIO()
    signature = signing.sign(PACK_MARK + contents).value.hex().encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"pack.json": contents, "pack.sig": signature, **members}.items():
            archive.writestr(name, content)
    return target.getvalue()


def _json_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in rows)
