"""Sealing of identifying values at rest, and keyed digests by which they can still be found."""

from xianxue.kernel.crypto.fields import SealedTextField
from xianxue.kernel.crypto.sealing import (
    Unsealable,
    digest,
    digests,
    digests_remembered,
    open_bytes,
    open_text,
    open_tokens,
    seal_bytes,
    seal_text,
    seal_texts,
)

__all__ = [
    "SealedTextField",
    "Unsealable",
    "digest",
    "digests",
    "digests_remembered",
    "open_bytes",
    "open_text",
    "open_tokens",
    "seal_bytes",
    "seal_text",
    "seal_texts",
]
