"""The Merkle tree over the leaves of a log (RFC 6962, RFC 9162): growing it, its root, and proofs.

Pure: hashes in, hashes out. The verifier that travels with evidence (`kernel/evidence/verifier`) has its own copy,
since it may import nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from xianxue.kernel.history.canonical import SHA256, SM3

# Roots of complete subtrees of 2^8, 2^16, … leaves are kept: a proof reads a few hundred hashes, whatever the size.
TILE = 8
Join = Callable[[bytes, bytes], bytes]


def _join_sha256(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _join_sm3(left: bytes, right: bytes) -> bytes:
    box = hashes.Hash(hashes.SM3())
    box.update(b"\x01" + left + right)
    return box.finalize()


_JOINS: dict[str, Join] = {SHA256: _join_sha256, SM3: _join_sm3}


def _level(nodes: Sequence[bytes], algorithm: str) -> Sequence[bytes]:
    """The nodes above a level of an even number of them."""
    pairs = zip(nodes[::2], nodes[1::2], strict=True)
    if algorithm == SHA256:
        # Written out: every leaf of a log is joined, and a call costs half as much as its hash.
        sha256 = hashlib.sha256
        return [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return [_join_sm3(left, right) for left, right in pairs]


def join(algorithm: str) -> Join:
    """The hash of an inner node over its two children. Raises KeyError for an unknown algorithm."""
    return _JOINS[algorithm]


def empty_root(algorithm: str) -> bytes:
    """The root of no leaves: the hash of nothing."""
    return hashlib.sha256().digest() if algorithm == SHA256 else hashes.Hash(hashes.SM3()).finalize()


class Frontier:
    """A tree that grows: only the roots of its complete subtrees, one for each 1 in the binary form of its size.

    `finished` collects (level, index, hash) of subtrees of 2^8, 2^16, … leaves that became complete.
    """

    __slots__ = ("_join", "algorithm", "finished", "peaks", "size")

    def __init__(self, algorithm: str, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.algorithm, self.size, self.peaks = algorithm, size, list(peaks)
        self._join = join(algorithm)
        self.finished: list[tuple[int, int, bytes]] = []

    def append(self, leaf: bytes, level: int = 0) -> None:
        """Grow by one leaf hash; or by the root of a complete subtree of 2^level leaves, where the size divides by that."""
        grown, size, peaks = self.size + (1 << level), self.size, self.peaks
        while size >> level & 1:
            leaf = self._join(peaks.pop(), leaf)
            level += 1
            if not level % TILE:
                self.finished.append((level, size >> level, leaf))
        peaks.append(leaf)
        self.size = grown

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Grow by many leaf hashes: complete tiles are joined a level at a time."""
        tile, start = 1 << TILE, min(-self.size % (1 << TILE), len(leaves))
        for leaf in leaves[:start]:
            self.append(leaf)
        while len(leaves) - start >= tile:
            nodes: Sequence[bytes] = leaves[start : start + tile]
            while len(nodes) > 1:
                nodes = _level(nodes, self.algorithm)
            self.finished.append((TILE, self.size >> TILE, nodes[0]))
            self.append(nodes[0], TILE)
            start += tile
        for leaf in leaves[start:]:
            self.append(leaf)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return folded(self.peaks, self._join) if self.peaks else empty_root(self.algorithm)


def folded(peaks: Sequence[bytes], joined: Join) -> bytes:
    """The root over complete subtrees that stand side by side, the largest first."""
    return reduce(lambda right, left: joined(left, right), reversed(peaks))


class Nodes(Protocol):
    """Where the roots of complete subtrees come from."""

    algorithm: str

    def subtree(self, level: int, index: int) -> bytes:
        """Root of the 2^level leaves from index · 2^level on."""
        ...


class Leaves:
    """Nodes computed from leaves in memory."""

    def __init__(self, leaves: Sequence[bytes], algorithm: str = SHA256) -> None:
        self.algorithm, self._leaves, self._join = algorithm, leaves, join(algorithm)

    def subtree(self, level: int, index: int) -> bytes:
        """As the protocol says."""
        if not level:
            return self._leaves[index]
        return self._join(self.subtree(level - 1, 2 * index), self.subtree(level - 1, 2 * index + 1))


def peaks_of(nodes: Nodes, start: int, end: int) -> list[bytes]:
    """Roots of the complete subtrees that make up the leaves from `start` to before `end`."""
    found, place = [], start
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            found.append(nodes.subtree(level, place >> level))
            place += 1 << level
    return found


def root_at(nodes: Nodes, size: int) -> bytes:
    """The root when the log had this many leaves."""
    return _root(nodes, 0, size) if size else empty_root(nodes.algorithm)


def _root(nodes: Nodes, start: int, end: int) -> bytes:
    return folded(peaks_of(nodes, start, end), join(nodes.algorithm))


def _half(count: int) -> int:
    """The largest power of two below the count: where RFC 6962 splits."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Proof that the leaf at `index` (from 0) is in the tree of `size` leaves. Raises ValueError outside it."""
    if not 0 <= index < size:
        message = f"There is no leaf {index} among {size}."
        raise ValueError(message)
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            found.append(_root(nodes, middle, end))
            end = middle
        else:
            found.append(_root(nodes, start, middle))
            start = middle
    return found[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Proof that the tree of `old` leaves is the beginning of the tree of `new`. Raises ValueError unless old ≤ new."""
    if not 0 <= old <= new:
        message = f"A log of {new} cannot contain one of {old}."
        raise ValueError(message)
    if old in (0, new):
        return []
    found, start, end, is_whole = [], 0, new, True
    while old != end:
        middle = start + _half(end - start)
        if old <= middle:
            found.append(_root(nodes, middle, end))
            end = middle
        else:
            found.append(_root(nodes, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        found.append(_root(nodes, start, end))
    return found[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], algorithm: str) -> bytes | None:
    """The root that the proof leads to from this leaf (RFC 9162, 2.1.3.2); None for a proof of the wrong form."""
    joined, place, last, found = join(algorithm), index, size - 1, leaf
    for node in proof:
        if not last:
            return None
        if place & 1 or place == last:
            found = joined(node, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = joined(found, node)
        place, last = place >> 1, last >> 1
    return None if last else found


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: Sequence[bytes], algorithm: str) -> bool:
    """Whether the log of the old (size, root) is the beginning of that of the new one (RFC 9162, 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size == new_size or not old_size:
        return not proof and (old_root == new_root or not old_size) and old_size <= new_size
    if old_size > new_size:
        return False
    nodes = [old_root, *proof] if not old_size & (old_size - 1) else list(proof)
    if not nodes:
        return False
    joined, place, last = join(algorithm), old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = nodes[0]
    for node in nodes[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            first, second = joined(node, first), joined(node, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = joined(second, node)
        place, last = place >> 1, last >> 1
    return not last and (first, second) == (old_root, new_root)
