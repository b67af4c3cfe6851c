"""Sealing of identifying values at rest, and keyed digests by which they can still be found."""

from xianxue.kernel.crypto.fields import SealedTextField
from xianxue.kernel.crypto.sealing import (
    Unsealable,
    digest,
    digests,
    open_bytes,
    open_text,
    seal_bytes,
    seal_text,
    sealer,
)

__all__ = [
    "SealedTextField",
    "Unsealable",
    "digest",
    "digests",
    "open_bytes",
    "open_text",
    "seal_bytes",
    "seal_text",
    "sealer",
]
