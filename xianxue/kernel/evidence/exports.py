"""What witnesses and auditors take with them: proofs between checkpoints, and the whole log without what it says."""

import json
import zipfile
from pathlib import Path

from xianxue.kernel.evidence.packs import columns_of
from xianxue.kernel.evidence.verifier import verifier_source
from xianxue.kernel.history import checkpoints, signing
from xianxue.kernel.history.merkle import consistency_proof, root_at
from xianxue.kernel.history.models import Checkpoint, Event
from xianxue.kernel.history.tree import StoredNodes

CHUNK = 5_000


def consistency_of(size: int, checkpoint: Checkpoint) -> bytes:
    """Proof, as a file for the verifier, that the log of the checkpoint continues that of `size` events.

    Raises ValueError for a size beyond the checkpoint's.
    """
    proof = consistency_proof(StoredNodes(checkpoint.algorithm), size, checkpoint.size)
    given = {
        "size": size,
        "checkpoint": checkpoints.note_of(checkpoint),
        "public_key": signing.public_keys()[checkpoint.key_id].hex(),
        "proof": [node.hex() for node in proof],
    }
    return json.dumps(given, ensure_ascii=False, indent=1).encode()


def is_root_of(size: int, short: str) -> bool:
    """Whether these 16 digits begin the root of a checkpoint of this size, and the log still has that root."""
    found = Checkpoint.objects.filter(size=size, root__startswith=short).order_by("pk").first()
    if found is None or not checkpoints.is_signature_good(found):
        return False
    try:
        return root_at(StoredNodes(found.algorithm), size).hex() == found.root
    except KeyError:
        return False


def write_log(target: Path) -> int:
    """Write all events (columns and hashes, not what they say), all checkpoints and the verifier; returns how many."""
    last = checkpoints.latest()
    public = signing.public_keys()[last.key_id] if last else signing.public_key()
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.json", json.dumps({"public_key": public.hex()}))
        notes = (checkpoints.note_of(made) for made in Checkpoint.objects.order_by("pk").iterator(chunk_size=CHUNK))
        archive.writestr("checkpoints.txt", "\n".join(notes))
        archive.writestr("verify.py", verifier_source())
        with archive.open("events.jsonl", "w", force_zip64=True) as lines:
            for event in Event.objects.order_by("seq").iterator(chunk_size=CHUNK):
                row = {"event": columns_of(event), "leaf_hash": event.leaf_hash}
                lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                count += 1
    return count
