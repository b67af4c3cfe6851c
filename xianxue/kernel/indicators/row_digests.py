"""Digests of the rows behind a figure: enough to say later which rows came, went or count differently, and no more.

A row's digest is keyed and salted and covers what the row adds: its key, its unit, the value that is summed or told
apart, its slice. The conditions of the figure need no digest: a row that no longer meets them is gone.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Any

from xianxue.kernel.crypto import digests
from xianxue.kernel.indicators.measures import Distinct, Rows, Sum, flat_rows

SIZE = 16
MAGIC = b"XRD1"
_HEAD = struct.Struct("<4sQQ")
_NOTHING, _BETWEEN = "\x00", "\x1f"


@dataclass(frozen=True)
class RowChanges:
    """Keys of the rows that were added, are gone, or count differently."""

    added: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


@dataclass(frozen=True)
class RowDigests:
    """Keys of rows in rising order, and a digest of 16 bytes for each, in the same order."""

    keys: tuple[int, ...] = ()
    body: bytes = b""

    def __len__(self) -> int:
        return len(self.keys)

    def by_key(self) -> dict[int, bytes]:
        """Digest of every row."""
        body = self.body
        return {key: body[at * SIZE : (at + 1) * SIZE] for at, key in enumerate(self.keys)}

    def changes_to(self, later: "RowDigests") -> RowChanges:
        """What must be added, removed and changed to come from these rows to the later ones."""
        if self == later:
            return RowChanges()
        before, after = self.by_key(), later.by_key()
        return RowChanges(
            added=tuple(key for key in later.keys if key not in before),
            gone=tuple(key for key in self.keys if key not in after),
            changed=tuple(key for key, digest in before.items() if key in after and after[key] != digest),
        )

    def packed(self) -> bytes:
        """The rows as bytes: distances between keys, compressed, then the digests (which do not compress)."""
        distances = [self.keys[0], *(b - a for a, b in pairwise(self.keys))] if self.keys else []
        keys = zlib.compress(struct.pack(f"<{len(distances)}q", *distances), 6)
        return _HEAD.pack(MAGIC, len(self.keys), len(keys)) + keys + self.body

    @classmethod
    def unpacked(cls, data: bytes) -> "RowDigests":
        """The rows out of their bytes. Raises ValueError for anything else."""
        try:
            magic, count, size = _HEAD.unpack_from(data)
            keys = zlib.decompress(data[_HEAD.size : _HEAD.size + size])
            distances = struct.unpack(f"<{count}q", keys)
        except (struct.error, zlib.error, MemoryError, OverflowError) as error:
            raise ValueError("These bytes hold no row digests.") from error
        body = data[_HEAD.size + size :]
        if magic != MAGIC or len(body) != count * SIZE:
            raise ValueError("These bytes hold no row digests.")
        return cls(tuple(accumulate(distances)), body)


def read_digests(rows: Rows, salt: str) -> RowDigests:
    """Digests of the rows in reach, as they are now. One query, each row once."""
    names = ["pk", rows.unit, *_value(rows), *filter(None, [rows.slices])]
    found = list(flat_rows(rows.queryset).order_by("pk").values_list(*names))
    return digested(found, salt)


def digested(rows: Sequence[Sequence[Any]], salt: str) -> RowDigests:
    """Digests of rows given as (key, values…), sorted by key; a key that comes several times is one row."""
    keys: list[int] = []
    texts: list[str] = []
    for key, group in groupby(rows, itemgetter(0)):
        keys.append(int(key))
        texts.append("\x1e".join(sorted(map(_text, group))))
    return RowDigests(tuple(keys), bytes.fromhex("".join(digests(f"release-row:{salt}", texts))))


def _value(rows: Rows) -> list[str]:
    return [rows.measure.field] if isinstance(rows.measure, Sum | Distinct) else []


def _text(row: Sequence[Any]) -> str:
    return _BETWEEN.join([_NOTHING if value is None else str(value) for value in row])
