"""Many events looked at together: whether all of them are as they should be, and nothing more.

Nearly every log is sound, and a column at a time this costs half of what it costs an event at a time. Whoever hears "no",
also where a value is of an unexpected kind, asks about each event: `verification` names what is wrong.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from xianxue.kernel.crypto import Unsealable, open_tokens
from xianxue.kernel.history.canonical import LEAF, SHA256, event_texts

# The rows of `records.COLUMNS`, by column.
(SEQ, AT, ACTOR, VIA, UNIT, ACTION, SUBJECT_TYPE, SUBJECT, SALT, PAYLOAD, ALGORITHM, VERSION, PREVIOUS, LEAF_HASH) = (
    range(14)
)
DIGITS = 64
Columns = Sequence[Sequence[Any]]


class End(NamedTuple):
    """Where the log stood before the events: the number, the time and the hash of the last one."""

    seq: int
    at: str
    leaf_hash: str


def leaves_that_pass(columns: Columns, contents: Sequence[tuple[int, str]], end: End) -> list[bytes] | None:
    """The leaf hashes of the events, where these follow `end` without a gap, fit their hashes, the one before and their
    contents, in order of time; else None.

    `contents`: number and sealed token, in order.
    """
    seqs, leaves, times = columns[SEQ], columns[LEAF_HASH], columns[AT]
    if list(seqs) != list(range(end.seq + 1, end.seq + 1 + len(seqs))) or set(columns[ALGORITHM]) != {SHA256}:
        return None
    if [seq for seq, _token in contents] != list(seqs) or list(columns[PREVIOUS]) != [end.leaf_hash, *leaves[:-1]]:
        return None
    texts = event_texts(columns)
    if texts is None or end.at > times[0] or sorted(times) != list(times):
        return None
    sha256 = hashlib.sha256
    made = [sha256(LEAF + text).digest() for text in texts]
    return made if are_written(made, leaves) and _all_say(columns, [token for _seq, token in contents]) else None


def _all_say(columns: Columns, tokens: Sequence[str]) -> bool:
    """Whether the contents are those whose salted hashes the events hold."""
    sha256 = hashlib.sha256
    try:
        salts, bodies = map(bytes.fromhex, columns[SALT]), open_tokens(tokens)
        said = [sha256(salt + body).digest() for salt, body in zip(salts, bodies, strict=True)]
    except (ValueError, Unsealable):
        return False
    return are_written(said, columns[PAYLOAD])


def are_written(hashes: Sequence[bytes], claimed: Sequence[str]) -> bool:
    """Whether the hashes are those that were written down; compared as one text, so each must have its length."""
    return {*map(len, claimed)} == {DIGITS} and b"".join(hashes).hex() == "".join(claimed)
