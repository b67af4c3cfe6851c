"""Authenticated encryption with the key's id beside the ciphertext, and keyed digests.

Two profiles: `international` (AES-256-GCM, HMAC-SHA-256) and `national` (SM4-GCM, HMAC-SM3).
A token is `<algorithm>.<key id>.<base64 of nonce, tag and ciphertext>`; any listed key opens old tokens.
"""

import base64
import hmac
import os
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as slow_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12
TAG = 16
AES, SM4 = "a1", "s1"


class Unsealable(Exception):
    """A token was altered, or its key is not among the configured ones."""


class _Aes:
    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)

    def seal(self, data: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._box.encrypt(nonce, data, None)

    def open(self, sealed: bytes) -> bytes:
        return self._box.decrypt(sealed[:NONCE], sealed[NONCE:], None)


class _Sm4:
    def __init__(self, key: bytes) -> None:
        self._key = key[:16]

    def seal(self, data: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        box = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        sealed = box.update(data) + box.finalize()
        return nonce + sealed + box.tag

    def open(self, sealed: bytes) -> bytes:
        nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        box = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, tag)).decryptor()
        return box.update(body) + box.finalize()


_BOXES: dict[str, type[_Aes | _Sm4]] = {AES: _Aes, SM4: _Sm4}


@lru_cache(maxsize=32)
def _box(algorithm: str, key: bytes) -> _Aes | _Sm4:
    return _BOXES[algorithm](key)


def _active() -> tuple[str, str, _Aes | _Sm4]:
    algorithm = SM4 if settings.CRYPTO_PROFILE == "national" else AES
    key_id, key = next(iter(settings.SEAL_KEYS.items()))
    return algorithm, key_id, _box(algorithm, key)


def seal_bytes(data: bytes) -> bytes:
    """Seal a file's content; `algorithm.key.` stands before the raw ciphertext."""
    algorithm, key_id, box = _active()
    return f"{algorithm}.{key_id}.".encode() + box.seal(data)


def open_bytes(sealed: bytes) -> bytes:
    """Content of a sealed file. Raises Unsealable when altered or the key is unknown."""
    try:
        algorithm, key_id, body = sealed.split(b".", 2)
        box = _box(algorithm.decode(), settings.SEAL_KEYS[key_id.decode()])
        return box.open(body)
    except (ValueError, KeyError, InvalidTag) as error:
        message = "A sealed value cannot be opened: it was altered, or its key is missing."
        raise Unsealable(message) from error


def seal_text(text: str) -> str:
    """Token for a short text; two sealings of one text differ."""
    return sealer()(text)


def sealer() -> Callable[[str], str]:
    """`seal_text` for many texts: the settings are asked once."""
    algorithm, key_id, box = _active()
    head = f"{algorithm}.{key_id}."
    return lambda text: head + b2a_base64(box.seal(text.encode()), newline=False).decode()


def open_text(token: str) -> str:
    """Text of a token. Raises Unsealable when altered or the key is unknown."""
    head, _, body = token.rpartition(".")
    try:
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        message = "A sealed value cannot be opened: it is not a token."
        raise Unsealable(message) from error
    return open_bytes(f"{head}.".encode() + raw).decode()


def _sm3(key: bytes, data: bytes) -> bytes:
    # hashlib's sm3 depends on the system's OpenSSL; the library's own always has it.
    mac = slow_hmac.HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


def digest(kind: str, text: str) -> str:
    """Keyed digest (32 hex digits) by which a sealed value is found again; `kind` separates name spaces."""
    return next(iter(digests(kind, (text,))))


def digests(kind: str, texts: Iterable[str]) -> list[str]:
    """Keyed digests of many texts, in their order."""
    key, head = settings.DIGEST_KEY, f"{kind}\x00".encode()
    if settings.CRYPTO_PROFILE == "national":
        return [_sm3(key, head + text.encode())[:16].hex() for text in texts]
    return [hmac.digest(key, head + text.encode(), "sha256")[:16].hex() for text in texts]
