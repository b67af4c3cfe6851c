"""The bytes that are hashed, and the hashes (RFC 6962 prefixes, SHA-256 or SM3)."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

# Version 2 promises that `at` never runs backwards unless the payload says by how much; the columns are those of 1.
VERSION = 2
GENESIS = "0" * 64
LEAF = b"\x00"
SHA256, SM3 = "sha256", "sm3"
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON: UTF-8, sorted keys, no spaces, NFC; floats are refused, for they differ between machines."""
    text = _ENCODER.encode(value)
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).encode()


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
    return hash_hex(LEAF + canonical(columns), algorithm)
