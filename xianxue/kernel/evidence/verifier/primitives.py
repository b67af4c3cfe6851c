"""Hashes, signature, Merkle tree, checkpoints and boxes of files, for the verifier: the standard library alone.

Written for Python 3.8, since the verifier goes to machines that are not ours. SM3 is here because `hashlib` has it only
where the system's OpenSSL does; Ed25519 because the standard library has none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

NOTE = re.compile(
    r"((xianxue/[0-9a-f]{16})\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/=]{44})\n"
    r"algorithm (sha256|sm3)\ntime ([0-9TZ:.-]{27})\n)\n— (\S+) ([A-Za-z0-9+/=]+)\n?"
)
MASK = 0xFFFFFFFF


# SM3 (GB/T 32905-2016)


def _turn(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & MASK


def _sm3_block(state: list[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        turned = _turn(a, 12)
        ss1 = _turn((turned + e + _turn(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & MASK, 7)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        tt1 = (ff + d + (ss1 ^ turned) + (w[j] ^ w[j + 4])) & MASK
        tt2 = (gg + h + ss1 + w[j]) & MASK
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]


def plain_sm3(data: bytes) -> bytes:
    """SM3 of these bytes, without the system's help; some 100 µs for every 64 bytes."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (len(data) * 8).to_bytes(8, "big")
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    for at in range(0, len(padded), 64):
        state = _sm3_block(state, padded[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def sm3(data: bytes) -> bytes:
    """SM3 of these bytes, by the system where it can."""
    return hashlib.new("sm3", data).digest() if SYSTEM_HAS_SM3 else plain_sm3(data)


def _system_has_sm3() -> bool:
    try:
        return hashlib.new("sm3", b"abc").digest() == plain_sm3(b"abc")
    except ValueError:
        return False


SYSTEM_HAS_SM3 = _system_has_sm3()


def sha256(data: bytes) -> bytes:
    """SHA-256 of these bytes."""
    return hashlib.sha256(data).digest()


HASHES: dict[str, Callable[[bytes], bytes]] = {"sha256": sha256, "sm3": sm3}


# Ed25519 (RFC 8032), verification only

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
# A point is (x, y, z, t) in extended coordinates, t = x·y / z.


def _add(p: Any, q: Any) -> Any:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(count: int, p: Any) -> Any:
    found = (0, 1, 1, 0)
    while count:
        if count & 1:
            found = _add(found, p)
        p, count = _add(p, p), count >> 1
    return found


def _point(data: bytes) -> Any:
    """A point out of its 32 bytes; None where there is none."""
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - x2) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verifies(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the signature of these bytes is of this public key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + data).digest(), "little") % ORDER
    left, right = _times(s, BASE), _add(r, _times(h, a))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


# Merkle tree (RFC 6962, RFC 9162)


def _steps(place: int, last: int, proof: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each node of a proof, and whether it stands on the left; a proof too short or too long raises ValueError."""
    for node in proof:
        if not last:
            raise ValueError("证明过长")
        is_left = bool(place & 1) or place == last
        yield node, is_left
        while is_left and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("证明过短")


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], algorithm: str) -> bytes:
    """The root that a proof leads to; empty for a proof of the wrong form."""
    digest = HASHES[algorithm]
    if not 0 <= index < size:
        return b""
    try:
        for node, is_left in _steps(index, size - 1, proof):
            leaf = digest(b"\x01" + (node + leaf if is_left else leaf + node))
    except ValueError:
        return b""
    return leaf


def is_consistent(old: Note, new: Note, proof: list[bytes]) -> bool:
    """Whether the log of the old checkpoint is the beginning of the new one's."""
    if old.size == new.size or not old.size:
        return not proof and old.size <= new.size and (not old.size or old.root == new.root)
    if old.size > new.size or old.algorithm != new.algorithm:
        return False
    digest, place, last = HASHES[new.algorithm], old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    nodes = [old.root, *proof] if not old.size & (old.size - 1) else proof
    if not nodes:
        return False
    first = second = nodes[0]
    try:
        for node, is_left in _steps(place, last, nodes[1:]):
            first = digest(b"\x01" + node + first) if is_left else first
            second = digest(b"\x01" + (node + second if is_left else second + node))
    except ValueError:
        return False
    return (first, second) == (old.root, new.root)


class Tree:
    """A tree that grows, leaf by leaf."""

    def __init__(self, algorithm: str) -> None:
        self.digest, self.size = HASHES[algorithm], 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Grow by a leaf hash."""
        level = 0
        while self.size >> level & 1:
            leaf, level = self.digest(b"\x01" + self.peaks.pop() + leaf), level + 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return self.digest(b"")
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = self.digest(b"\x01" + peak + found)
        return found


# What is read


class Unreadable(Exception):
    """Something cannot be read or compared at all: exit code 2."""


class Note:
    """A checkpoint: the root at one size, signed."""

    def __init__(self, found: re.Match[str]) -> None:
        body, self.origin, size, root, self.algorithm, self.at, self.name, signature = found.groups()
        self.text, self.body, self.size = found.group(0), body.encode(), int(size)
        self.root, raw = base64.b64decode(root), base64.b64decode(signature)
        self.key_hash, self.signature = raw[:4], raw[4:]

    def is_signed_by(self, public: bytes) -> bool:
        """Whether this key signed it."""
        named = hashlib.sha256(self.origin.encode() + b"\n\x01" + public).digest()[:4]
        return named == self.key_hash and ed25519_verifies(public, self.body, self.signature)


def notes_in(text: str) -> list[Note]:
    """Every checkpoint in a text."""
    return [Note(found) for found in NOTE.finditer(text.replace("\r\n", "\n"))]


def canonical(value: Any) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, NFC."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode()


class Box:
    """A folder or a zip file."""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        self._zip = None if self._folder else zipfile.ZipFile(path)

    @property
    def is_packed(self) -> bool:
        """Whether it is a zip: a folder may hold other things beside the pack."""
        return self._zip is not None

    def names(self) -> list[str]:
        """The files inside."""
        if self._zip:
            return [name for name in self._zip.namelist() if not name.endswith("/")]
        assert self._folder  # noqa: S101 - one of the two is there
        return [item.relative_to(self._folder).as_posix() for item in self._folder.rglob("*") if item.is_file()]

    def read(self, name: str) -> bytes:
        """A file's content; raises KeyError."""
        if self._zip:
            return self._zip.read(name)
        assert self._folder  # noqa: S101 - one of the two is there
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise KeyError(name) from error
