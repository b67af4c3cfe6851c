"""Checkpoints: the root of the log at one size, as a signed note that can be kept anywhere and read by other tools.

The form is that of transparency logs (C2SP tlog-checkpoint, signed-note): origin, size, root in base64, then our two
lines (`algorithm`, `time`), an empty line, and the signature over everything before it.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from xianxue.kernel.history import signing
from xianxue.kernel.history.models import Checkpoint
from xianxue.kernel.history.signing import ED25519, Signature

FORM = re.compile(
    r"(?P<body>(?P<origin>xianxue/[0-9a-f]{16})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/=]{44})\n"
    r"algorithm (?P<algorithm>sha256|sm3)\ntime (?P<at>[0-9TZ:.-]{27})\n)"
    r"\n— (?P<name>\S+) (?P<signature>[A-Za-z0-9+/=]+)\n?"
)
# C2SP signed-note: 1 is Ed25519.
KEY_KIND = b"\x01"
KEY_HASH = 4


class Unreadable(ValueError):
    """The text is no checkpoint."""


@dataclass(frozen=True)
class Note:
    """A checkpoint as it was read; `root` as hex, `body` is what is signed."""

    origin: str
    size: int
    root: str
    algorithm: str
    at: str
    body: bytes
    key_hash: bytes
    signature: bytes

    def is_signed_by(self, keys: Mapping[str, bytes]) -> bool:
        """Whether one of these public keys (by key id) signed it."""
        for key_id, public in keys.items():
            if key_hash_of(self.origin, public) == self.key_hash:
                return signing.verify_signature(self.body, Signature(key_id, ED25519, self.signature))
        return False


def body_of(checkpoint: Checkpoint) -> bytes:
    """What is signed."""
    root = base64.b64encode(bytes.fromhex(checkpoint.root)).decode()
    lines = (checkpoint.origin, checkpoint.size, root, f"algorithm {checkpoint.algorithm}", f"time {checkpoint.at}")
    return "".join(f"{line}\n" for line in lines).encode()


def note_of(checkpoint: Checkpoint) -> str:
    """The checkpoint's text, as it leaves the house."""
    public = signing.public_keys().get(checkpoint.key_id, b"")
    signature = key_hash_of(checkpoint.origin, public) + bytes.fromhex(checkpoint.signature)
    return f"{body_of(checkpoint).decode()}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read_note(text: str) -> Note:
    """A checkpoint out of a file or a message. Raises Unreadable."""
    found = FORM.search(text.replace("\r\n", "\n"))
    if found is None:
        message = "There is no checkpoint in this text."
        raise Unreadable(message)
    try:
        root = base64.b64decode(found["root"], validate=True)
        signature = base64.b64decode(found["signature"], validate=True)
    except binascii.Error as error:
        message = "The checkpoint is damaged."
        raise Unreadable(message) from error
    return Note(
        found["origin"], int(found["size"]), root.hex(), found["algorithm"], found["at"], found["body"].encode(),
        signature[:KEY_HASH], signature[KEY_HASH:],
    )  # fmt: skip


def key_hash_of(name: str, public: bytes) -> bytes:
    """The four bytes by which a signed note names its key."""
    return hashlib.sha256(name.encode() + b"\n" + KEY_KIND + public).digest()[:KEY_HASH]


def verifier_key(origin: str, public: bytes) -> str:
    """The public key as other tools for signed notes take it."""
    return f"{origin}+{key_hash_of(origin, public).hex()}+{base64.b64encode(KEY_KIND + public).decode()}"


def is_signature_good(checkpoint: Checkpoint) -> bool:
    """Whether one of this installation's keys signed the checkpoint as it stands in the database."""
    try:
        value = bytes.fromhex(checkpoint.signature)
        body = body_of(checkpoint)
    except ValueError:
        return False
    return signing.verify_signature(body, Signature(checkpoint.key_id, checkpoint.signature_algorithm, value))


def short_root(root: str) -> str:
    """The first 16 hex digits in groups of four, as printed on paper."""
    return " ".join(root[at : at + 4] for at in range(0, 16, 4))


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-pk").first()
