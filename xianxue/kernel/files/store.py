"""The bytes of files in the data folder: sealed in chunks, named by their SHA-256, complete or not there at all.

A file is a row of frames: four bytes of length, then a sealed chunk. Inside each chunk, before the content, stand the
file's own random number, the chunk's place and whether it is the last: chunks cannot be swapped, left out or cut off.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files import File

from xianxue.kernel.crypto import Unsealable, open_bytes, seal_bytes

CHUNK = 1024 * 1024
NUMBER = 16
HEAD = NUMBER + 8 + 1
LENGTH = 4
# A sealed chunk is a chunk, its head, the seal's own bytes and the names of algorithm and key.
FRAME_LIMIT = CHUNK + HEAD + 256


class Damaged(Exception):
    """A stored file cannot be read: missing, altered, or sealed with a key that is not configured."""


@dataclass(frozen=True)
class Digests:
    """What a content is known by; hashes as 64 hex digits, size in bytes."""

    sha256: str
    sm3: str
    size: int


class Hasher:
    """Both hashes of a content, while it passes by."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._sm3 = hashes.Hash(hashes.SM3())
        self._size = 0

    def update(self, data: bytes) -> None:
        """Take in the next bytes."""
        self._sha256.update(data)
        self._sm3.update(data)
        self._size += len(data)

    def digests(self) -> Digests:
        """The result; once only."""
        return Digests(self._sha256.hexdigest(), self._sm3.finalize().hex(), self._size)


def folder() -> Path:
    """Where the files are."""
    return Path(settings.VAR_DIR) / "files"


def path_of(sha256: str) -> Path:
    """Where the content with this hash is, or would be."""
    return folder() / sha256[:2] / sha256


def keep(source: BinaryIO | File[Any]) -> Digests:
    """Hash, seal and store a content from its present place on; what is stored already stays as it is.

    Raises OSError (a full disk), and then nothing is left behind.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder() / f"{uuid4().hex}.part"
    try:
        digests = _write(source, part)
        _put(part, digests)
    finally:
        part.unlink(missing_ok=True)
    return digests


def _write(source: BinaryIO | File[Any], part: Path) -> Digests:
    hasher, number, place = Hasher(), secrets.token_bytes(NUMBER), 0
    with part.open("xb") as target:
        os.fchmod(target.fileno(), 0o600)
        chunk = source.read(CHUNK)
        while True:
            following = source.read(CHUNK)
            hasher.update(chunk)
            head = number + place.to_bytes(8, "big") + (b"\0" if following else b"\1")
            sealed = seal_bytes(head + chunk)
            target.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
            if not following:
                break
            chunk, place = following, place + 1
        target.flush()
        os.fsync(target.fileno())
    return hasher.digests()


def _put(part: Path, digests: Digests) -> None:
    target = path_of(digests.sha256)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    if target.exists() and not is_whole(digests):
        # Evidence of damage is kept beside the good copy.
        target.rename(target.with_name(f"{target.name}.damaged-{uuid4().hex[:8]}"))
    # link, not rename: what is there is never overwritten.
    with suppress(FileExistsError):
        os.link(part, target)
    _sync(target.parent)
    _sync(folder())


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def chunks(sha256: str) -> Iterator[bytes]:
    """The content, opened piece by piece. Raises Damaged, at the latest at the end."""
    try:
        with path_of(sha256).open("rb") as file:
            yield from _opened(file, sha256)
    except (OSError, Unsealable) as error:
        message = f"The stored file {sha256} cannot be read."
        raise Damaged(message) from error


def _opened(file: BinaryIO, sha256: str) -> Iterator[bytes]:
    number, place, is_last = b"", 0, False
    hasher = hashlib.sha256()
    while not is_last:
        length = int.from_bytes(file.read(LENGTH), "big")
        if not 0 < length <= FRAME_LIMIT:
            message = "A frame has no length."
            raise Unsealable(message)
        plain = open_bytes(file.read(length))
        number = number or plain[:NUMBER]
        if plain[: HEAD - 1] != number + place.to_bytes(8, "big"):
            message = "A chunk is not in its place."
            raise Unsealable(message)
        is_last = plain[HEAD - 1] == 1
        place += 1
        hasher.update(plain[HEAD:])
        yield plain[HEAD:]
    if file.read(1) or hasher.hexdigest() != sha256:
        message = "The content is not what its name says."
        raise Unsealable(message)


def digests_of(sha256: str) -> Digests:
    """The hashes and size of what is stored under this name now. Raises Damaged."""
    hasher = Hasher()
    for chunk in chunks(sha256):
        hasher.update(chunk)
    return hasher.digests()


def is_whole(known: Digests) -> bool:
    """Whether what is stored is what was hashed when it came in."""
    try:
        return digests_of(known.sha256) == known
    except Damaged:
        return False
