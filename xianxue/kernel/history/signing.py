"""The installation's signature (Ed25519), with a key that is in no database and in no backup.

The private key is one PEM file. Beside it stands `<key id>.pub` for it and for every key before it, so that what an
older key signed can still be checked. SM2 is not there: the library that signs here does not have it.
"""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

ED25519 = "ed25519"


class NoSigningKey(Exception):
    """The key is not where the settings say: nothing can be signed until it is put back."""


@dataclass(frozen=True)
class Signature:
    """A signature: which key (16 hex digits), how (`ed25519`), and its 64 bytes."""

    key_id: str
    algorithm: str
    value: bytes


def key_id_of(public: bytes) -> str:
    """Short name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def make_key(path: Path) -> str:
    """Make a key at this path, readable by the owner alone, unless there is one; returns the id of the key there."""
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{path.name}.{os.getpid()}"
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    # link, not rename: of two processes that start at once, the first one's key stays.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    public = _public_of(_load(path.read_bytes()))
    (folder / f"{key_id_of(public)}.pub").write_text(public.hex() + "\n")
    return key_id_of(public)


def sign(data: bytes) -> Signature:
    """Sign these bytes. Raises NoSigningKey where the key is missing."""
    key = _key()
    return Signature(key_id_of(_public_of(key)), ED25519, key.sign(data))


def verify_signature(data: bytes, signature: Signature) -> bool:
    """Whether one of this installation's keys, the present one or an earlier one, signed these bytes."""
    public = public_keys().get(signature.key_id)
    if public is None or signature.algorithm != ED25519:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature.value, data)
    except InvalidSignature:
        return False
    return True


def public_key() -> bytes:
    """The 32 bytes of the present public key. Raises NoSigningKey."""
    return _public_of(_key())


def public_keys() -> dict[str, bytes]:
    """Every public key that this installation has signed with, by key id."""
    found = {}
    for path in sorted(_path().parent.glob("*.pub")):
        with contextlib.suppress(ValueError, OSError):
            public = bytes.fromhex(path.read_text().strip())
            found[key_id_of(public)] = public
    return found


def is_signing_possible() -> bool:
    """Whether there is a key, or the first one may still be made."""
    path = _path()
    return path.exists() or _may_be_made(path)


def _path() -> Path:
    return Path(settings.SIGNING_KEY)


def _may_be_made(path: Path) -> bool:
    # A named place (a mounted disk) that is empty, or public keys without their private one, mean that a key was lost.
    return not settings.SIGNING_KEY_IS_NAMED and not any(path.parent.glob("*.pub"))


def _key() -> Ed25519PrivateKey:
    path = _path()
    if not path.exists():
        if not _may_be_made(path):
            message = f"There is no signing key at {path}. Put it back, or make a new one with `xianxue keys`."
            raise NoSigningKey(message)
        make_key(path)
    return _load(path.read_bytes())


@lru_cache(maxsize=4)
def _load(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = "The signing key is not an Ed25519 key."
        raise NoSigningKey(message)
    return key


def _public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
