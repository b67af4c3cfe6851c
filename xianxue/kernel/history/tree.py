"""The Merkle tree of the log in the database: grown in the transaction of each append, read for roots and proofs."""

import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from xianxue.kernel import bulk
from xianxue.kernel.history.canonical import GENESIS, SHA256, SM3
from xianxue.kernel.history.merkle import TILE, Frontier, join
from xianxue.kernel.history.models import Event, LogHead, TreeNode

THE_ROW = 1
INDEX_BITS = 48
DIGITS = 64
WIDTH = 1 << TILE
# Two statements of every command that writes: by hand, they take half the time.
_HEAD_AND_LAST = """
SELECT head.id, head.log_id, head.algorithm, head.size, head.frontier, event.leaf_hash, event.at
FROM history_loghead AS head LEFT JOIN history_event AS event ON event.seq = head.size
"""
_MOVE_HEAD = "UPDATE history_loghead SET size = %s, frontier = %s WHERE id = %s"


class BrokenLog(Exception):
    """The log's last event and its tree do not fit: nothing is written until `xianxue verify-history` was read."""


def profile_algorithm() -> str:
    """The hash that new leaves are made with."""
    return SM3 if settings.CRYPTO_PROFILE == "national" else SHA256


def open_head() -> LogHead:
    """The head of the log, under its lock; begins the log where nothing was written yet.

    Raises BrokenLog where events are there and their tree is not.
    """
    head = LogHead.objects.first()
    if head is None:
        if Event.objects.exists():
            message = "The log has events and no tree. Run `xianxue verify-history`."
            raise BrokenLog(message)
        head = LogHead(pk=THE_ROW, log_id=secrets.token_hex(8), algorithm=profile_algorithm(), size=0, frontier="")
        head.save(force_insert=True)
    return head


def last_of_log() -> tuple[LogHead, str, str]:
    """The head with the leaf hash and time of the last event, in one query; begins the log where it is new.

    Raises BrokenLog where the log does not end where its tree ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HEAD_AND_LAST)
        row = cursor.fetchone()
    if row is None:
        return open_head(), GENESIS, ""
    head = LogHead(*row[:5])
    if head.size and row[5] is None:
        message = f"The log has lost its event {head.size}. Run `xianxue verify-history`."
        raise BrokenLog(message)
    return head, row[5] or GENESIS, row[6] or ""


def frontier_of(head: LogHead) -> Frontier:
    """The frontier as it was written."""
    peaks = [bytes.fromhex(head.frontier[at : at + DIGITS]) for at in range(0, len(head.frontier), DIGITS)]
    return Frontier(head.algorithm, head.size, peaks)


def grow(head: LogHead, leaves: Iterable[str]) -> None:
    """Append leaf hashes (hex) and write the head; the caller holds the log's lock."""
    frontier = frontier_of(head)
    for leaf in leaves:
        frontier.append(bytes.fromhex(leaf))
    if frontier.finished:
        bulk.insert(TreeNode, ("place", "hash"), rows_of(frontier))
    text = b"".join(frontier.peaks).hex()
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_HEAD, [frontier.size, text, head.pk])


def rows_of(frontier: Frontier) -> list[tuple[int, str]]:
    """The subtrees that became complete, as rows of TreeNode; takes them from the frontier."""
    finished, frontier.finished = frontier.finished, []
    return [(place_of(level, index), node.hex()) for level, index, node in finished]


def place_of(level: int, index: int) -> int:
    """Key of a subtree."""
    return level << INDEX_BITS | index


class StoredNodes:
    """Subtree roots out of the database, 256 at a time; every tile is read once in the life of the object.

    Raises KeyError for a subtree that the log is too short for.
    """

    def __init__(self, algorithm: str) -> None:
        self.algorithm, self._join = algorithm, join(algorithm)
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._made: dict[tuple[int, int], bytes] = {}

    def subtree(self, level: int, index: int) -> bytes:
        """Root of the 2^level leaves from index · 2^level on."""
        if not level % TILE:
            tile = self._tile(level, index // WIDTH)
            if index % WIDTH >= len(tile):
                message = f"The log has no subtree {index} of level {level}."
                raise KeyError(message)
            return tile[index % WIDTH]
        if (level, index) not in self._made:
            left, right = self.subtree(level - 1, 2 * index), self.subtree(level - 1, 2 * index + 1)
            self._made[level, index] = self._join(left, right)
        return self._made[level, index]

    def _tile(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._tiles:
            first = tile * WIDTH
            place = place_of(level, first)
            nodes = TreeNode.objects.filter(place__gte=place, place__lt=place + WIDTH).order_by("place")
            events = Event.objects.filter(seq__gt=first, seq__lte=first + WIDTH).order_by("seq")
            found = nodes.values_list("hash", flat=True) if level else events.values_list("leaf_hash", flat=True)
            self._tiles[level, tile] = [bytes.fromhex(node) for node in found]
        return self._tiles[level, tile]
