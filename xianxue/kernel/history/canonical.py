"""The bytes that are hashed, and the hashes (RFC 6962 prefixes, SHA-256 or SM3)."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain
from json.encoder import encode_basestring
from typing import Any

from cryptography.hazmat.primitives import hashes

# Version 2 promises that `at` never runs backwards unless the payload says by how much; the columns are those of 1.
VERSION = 2
GENESIS = "0" * 64
LEAF = b"\x00"
SHA256, SM3 = "sha256", "sm3"
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_EVENT_KEYS = (
    "action", "actor_id", "algorithm", "at", "payload_hash", "prev_hash", "salt", "seq",
    "subject_id", "subject_type", "unit_id", "version", "via",
)  # fmt: skip
# Where the columns of an event stand among those of `records.COLUMNS`: in the order of the form, by what they hold.
_IN_FORM = (5, 2, 10, 1, 9, 12, 8, 0, 7, 6, 4, 11, 3)
_NUMBERS = (0, 2, 4, 7, 11)
_EVENT_FORM = "{" + ",".join(f'"{key}":%s' for key in _EVENT_KEYS) + "}"


class _NotPlain(TypeError):
    """A value that only the slow way knows what to do with."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON: UTF-8, sorted keys, no spaces, NFC; floats are refused, for they differ between machines."""
    text = _ENCODER.encode(value)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode()


def fast_canonical(event: Mapping[str, Any]) -> bytes:
    """`canonical` of an event's columns, about three times as fast; the same bytes, or the same refusal."""
    try:
        text = _EVENT_FORM % tuple(
            [
                encode_basestring(value) if type(value) is str else _plain(value)
                for value in map(event.__getitem__, _EVENT_KEYS)
            ]
        )
    except _NotPlain:
        return canonical(event)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode()


def event_texts(columns: Sequence[Sequence[Any]]) -> list[bytes] | None:
    """`canonical` of many events, given by column as `records.COLUMNS` names them; None where a value is no plain one.

    What all of them share is written into the form, and the form is filled in for the others.
    """
    parts, varied = [], []
    for key, at in zip(_EVENT_KEYS, _IN_FORM, strict=True):
        form, shown = (_numbers if at in _NUMBERS else _texts)(columns[at])
        if shown is None:
            return None
        if shown.count(shown[0]) == len(shown):
            form = (form % shown[0]).replace("%", "%%")
        else:
            varied.append(shown)
        parts.append(f'"{key}":{form}')
    # No text of an event has a line break of its own: quoting has written it otherwise.
    line = "{" + ",".join(parts) + "}"
    text = "\n".join([line] * len(columns[0])) % tuple(chain.from_iterable(zip(*varied, strict=True)))
    try:
        return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode().split(b"\n")
    except UnicodeEncodeError:
        return None


def _numbers(column: Sequence[Any]) -> tuple[str, Sequence[Any] | None]:
    """How whole numbers and nothing are written in a form, and as what; None for anything else."""
    kinds = {*map(type, column)}
    if kinds == {int}:
        return "%s", column
    return "%s", ["null" if value is None else value for value in column] if kinds <= {int, type(None)} else None


def _texts(column: Sequence[Any]) -> tuple[str, Sequence[str] | None]:
    """How texts are written in a form, and as what; None for anything else."""
    if {*map(type, column)} != {str}:
        return "%s", None
    joined = "".join(column)
    # Hashes, as most of an event is: only quotes stand around them.
    if joined.isascii() and joined.encode().isalnum():
        return '"%s"', column
    different = {*column}
    if len(different) * 2 > len(column):
        return "%s", list(map(encode_basestring, column))
    quoted = {value: encode_basestring(value) for value in different}
    return "%s", [quoted[value] for value in column]


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    raise _NotPlain


def hash_hex(data: bytes, algorithm: str) -> str:
    """Hash as 64 hex digits. Raises ValueError for an unknown algorithm."""
    if algorithm == SHA256:
        return hashlib.sha256(data).hexdigest()
    if algorithm == SM3:
        box = hashes.Hash(hashes.SM3())
        box.update(data)
        return box.finalize().hex()
    message = f"Unknown hash algorithm {algorithm}."
    raise ValueError(message)


def payload_hash(salt: str, body: bytes, algorithm: str) -> str:
    """Salted hash of a payload: without the salt, names could be guessed from the hash."""
    return hash_hex(bytes.fromhex(salt) + body, algorithm)


def leaf_hash(columns: Mapping[str, Any], algorithm: str) -> str:
    """Hash of an event's columns (all but `leaf_hash` itself), as a Merkle leaf."""
    return hash_hex(LEAF + fast_canonical(columns), algorithm)
