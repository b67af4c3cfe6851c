"""Authenticated encryption with the key's id beside the ciphertext, and keyed digests.

Two profiles: `international` (AES-256-GCM, HMAC-SHA-256) and `national` (SM4-GCM, HMAC-SM3).
A token is `<algorithm>.<key id>.<base64 of nonce, tag and ciphertext>`; any listed key opens old tokens.
"""

import base64
import hmac
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter, methodcaller

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as slow_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12
TAG = 16
_remembered: ContextVar[dict[str, dict[str, str]] | None] = ContextVar("remembered digests", default=None)
AES, SM4 = "a1", "s1"
_PARTED = methodcaller("rpartition", ".")


class Unsealable(Exception):
    """A token was altered, or its key is not among the configured ones."""


class _Aes:
    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)

    def seal(self, data: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._box.encrypt(nonce, data, None)

    def seal_all(self, pieces: Sequence[bytes]) -> list[bytes]:
        # The system is asked once for the nonces of all: asking takes as long as sealing.
        source, encrypt = BytesIO(os.urandom(NONCE * len(pieces))).read, self._box.encrypt
        return [(nonce := source(NONCE)) + encrypt(nonce, data, None) for data in pieces]

    def open(self, sealed: bytes) -> bytes:
        return self._box.decrypt(sealed[:NONCE], sealed[NONCE:], None)

    def open_all(self, pieces: Iterable[bytes]) -> list[bytes]:
        decrypt = self._box.decrypt
        return [decrypt(sealed[:NONCE], sealed[NONCE:], None) for sealed in pieces]


class _Sm4:
    def __init__(self, key: bytes) -> None:
        self._key = key[:16]

    def seal(self, data: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        box = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        sealed = box.update(data) + box.finalize()
        return nonce + sealed + box.tag

    def seal_all(self, pieces: Sequence[bytes]) -> list[bytes]:
        return [self.seal(data) for data in pieces]

    def open(self, sealed: bytes) -> bytes:
        nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        box = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, tag)).decryptor()
        return box.update(body) + box.finalize()

    def open_all(self, pieces: Iterable[bytes]) -> list[bytes]:
        return [self.open(sealed) for sealed in pieces]


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
    return seal_texts((text,))[0]


def seal_texts(texts: Sequence[str]) -> list[str]:
    """Tokens of many short texts, in their order."""
    algorithm, key_id, box = _active()
    head = f"{algorithm}.{key_id}."
    sealed = box.seal_all([text.encode() for text in texts])
    return [head + b2a_base64(body, newline=False).decode() for body in sealed]


def open_text(token: str) -> str:
    """Text of a token. Raises Unsealable when altered or the key is unknown."""
    head, _, body = token.rpartition(".")
    try:
        raw = base64.b64decode(body, validate=True)
    except ValueError as error:
        message = "A sealed value cannot be opened: it is not a token."
        raise Unsealable(message) from error
    return open_bytes(f"{head}.".encode() + raw).decode()


def open_tokens(tokens: Iterable[str]) -> list[bytes]:
    """What many tokens hold, in their order, as bytes. Raises Unsealable where one was altered or its key is unknown."""
    opened: list[bytes] = []
    try:
        # One key seals for months: neighbours are opened together.
        for head, some in groupby(map(_PARTED, tokens), key=itemgetter(0)):
            algorithm, key_id = head.split(".")
            box = _box(algorithm, settings.SEAL_KEYS[key_id])
            opened += box.open_all([a2b_base64(body, strict_mode=True) for _head, _dot, body in some])
    except (ValueError, KeyError, InvalidTag) as error:
        message = "A sealed value cannot be opened: it was altered, or its key is missing."
        raise Unsealable(message) from error
    return opened


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
    remembered = _remembered.get()
    if remembered is None:
        return _digests(kind, texts)
    wanted, known = list(texts), remembered.setdefault(kind, {})
    missing = [text for text in dict.fromkeys(wanted) if text not in known]
    known.update(zip(missing, _digests(kind, missing), strict=True))
    return [known[text] for text in wanted]


def _digests(kind: str, texts: Iterable[str]) -> list[str]:
    key, head = settings.DIGEST_KEY, f"{kind}\x00".encode()
    if settings.CRYPTO_PROFILE == "national":
        return [_sm3(key, head + text.encode())[:16].hex() for text in texts]
    # The key is taken in once, and the state copied for each text.
    begun = hmac.new(key, head, "sha256")
    found = []
    for text in texts:
        mac = begun.copy()
        mac.update(text.encode())
        found.append(mac.hexdigest()[:32])
    return found


@contextmanager
def digests_remembered() -> Iterator[None]:
    """Compute each digest once within the block, which asks for the same numbers again and again.

    Numbers and digests are kept in memory, apart from other threads, and forgotten at the end of the block.
    """
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)
