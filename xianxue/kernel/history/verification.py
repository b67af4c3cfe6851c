"""Verifying the log: everything is computed anew, once, in constant memory, and what is wrong is named."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.crypto import Unsealable, open_text
from xianxue.kernel.history import diagnosis, passing, tree, triggers
from xianxue.kernel.history.canonical import GENESIS, payload_hash
from xianxue.kernel.history.checkpoints import Note, is_signature_good
from xianxue.kernel.history.diagnosis import CUT, INSERTED, LOST, MOVED, SAID, UNFIT, Fault
from xianxue.kernel.history.merkle import Frontier, peaks_of, root_at
from xianxue.kernel.history.models import Checkpoint, Erasure, Event, LogHead, Payload, TreeNode
from xianxue.kernel.history.records import COLUMNS
from xianxue.kernel.history.services import ERASED, EVENT
from xianxue.kernel.history.signing import public_keys

# Few enough for the processor's own memory, where they are gone through a dozen times; whole tiles of the tree.
CHUNK = 512
# Beyond this, faults are counted and no longer told apart: one event put in shifts a million others.
TOLD = 1_000


@dataclass(frozen=True)
class Verdict:
    """Result of a verification: how many events the log has, the head, the root, and what is wrong with which event.

    `faults` holds the first thousand of `fault_count`; `notices` what is unusual and no fault.
    """

    events: int
    head: str
    faults: tuple[Fault, ...] = ()
    root: str = ""
    fault_count: int = 0
    notices: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(*, start: Checkpoint | None = None, outside: Sequence[Note] = ()) -> Verdict:
    """Recompute the chain, every payload's hash, the tree and all checkpoints.

    `start`: trust the log up to this checkpoint (whose root must fit the stored tree) and read only what came after.
    `outside`: checkpoints that were kept outside the house; they find a log that was cut, rewritten or restored.
    An erased payload is no fault where its erasure is recorded.
    """
    with _one_answer():
        run = _Run(start, outside)
        contents = _Contents(run.last["seq"])
        for rows in _events(run.last["seq"]):
            theirs = contents.up_to(rows[-1][0])
            if not run.all_pass(rows, theirs):
                run.each(rows, theirs)
        for seq, _token in contents.up_to(None):
            run.without_event(seq)
        run.finish()
        return run.verdict()


def _one_answer() -> AbstractContextManager[None]:
    """A transaction on PostgreSQL, which outside one writes the whole answer down before it gives the first row of it.

    None on SQLite, where it would keep all others from writing.
    """
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def _events(after: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of the log, some thousands at a time."""
    rows = Event.objects.filter(seq__gt=after) if after else Event.objects.all()
    return bulk.chunks(rows.order_by("seq").values_list(*COLUMNS), CHUNK)


class _Contents:
    """Sealed contents in the order of their events: number and token."""

    def __init__(self, after: int) -> None:
        # The token is read as it stands, so that one altered payload is named instead of ending the run.
        tokens = Payload.objects.annotate(token=Cast("body", TextField())).order_by("event_id")
        rows = tokens.filter(event_id__gt=after) if after else tokens
        self._left = bulk.chunks(rows.values_list("event_id", "token"), CHUNK)
        self._read: list[tuple[Any, ...]] = []

    def up_to(self, last: int | None) -> list[tuple[int, str]]:
        """The contents of the events up to this one that were not given before; all that are left for None."""
        taken: list[Any] = []
        while self._read or (some := next(self._left, [])):
            self._read = self._read or some
            end = len(self._read) if last is None else bisect_right(self._read, last, key=itemgetter(0))
            taken += self._read[:end]
            self._read = self._read[end:]
            if self._read:
                break
        return taken


def _opened(token: str) -> str:
    try:
        return open_text(token)
    except (Unsealable, UnicodeDecodeError):
        return ""


class _Run:
    """One verification in progress; `last` is the event read last."""

    def __init__(self, start: Checkpoint | None, outside: Sequence[Note]) -> None:
        self.faults: list[Fault] = []
        self.fault_count = 0
        self.notices: list[str] = []
        self.outside = outside
        self.head = LogHead.objects.first()
        self.erasures = dict(Erasure.objects.values_list("event_id", "recorded_by"))
        self.is_whole = True
        self.claimed = GENESIS
        self.last: dict[str, Any] = {"seq": 0, "at": ""}
        # Roots that are known for certain sizes, with whose they are; the first that does not fit is enough.
        self.roots: dict[int, list[tuple[str, str, str]]] = {}
        self.checkpoints = list(Checkpoint.objects.order_by("pk"))
        self._expect_roots()
        algorithms = {algorithm for known in self.roots.values() for algorithm, _root, _whose in known}
        main = self.head.algorithm if self.head else tree.profile_algorithm()
        self.frontier = Frontier(main)
        self.frontiers = {main: self.frontier, **{name: Frontier(name) for name in algorithms - {main}}}
        if start is not None and start.size:
            self._start_at(start)

    def _expect_roots(self) -> None:
        for made in self.checkpoints:
            self._expect(made.size, made.algorithm, made.root, _("系统内的检查点"))
        for note in self.outside:
            self._expect(note.size, note.algorithm, note.root, _("系统外的检查点"))

    def _expect(self, size: int, algorithm: str, root: str, whose: str) -> None:
        self.roots.setdefault(size, []).append((algorithm, root, whose))

    def _start_at(self, start: Checkpoint) -> None:
        """Take the stored tree up to the checkpoint for the log, once its root fits."""
        for size in sorted(size for size in self.roots if 0 < size < start.size):
            for algorithm, root, whose in self.roots.pop(size):
                if _stored_root(algorithm, size) != root:
                    self._unfit(size, whose)
        for name, frontier in self.frontiers.items():
            try:
                frontier.peaks = peaks_of(tree.StoredNodes(name), 0, start.size)
            except KeyError:
                text = _("检查点有 %(size)s 条，而存着的摘要树不到这么多条。") % {"size": start.size}
                self.fault(Fault(0, CUT, text))
                return
            frontier.size = start.size
        self._compare_roots()
        row = Event.objects.filter(seq=start.size).values(*COLUMNS).first()
        if row is not None:
            self.claimed, self.last = row.pop("leaf_hash"), row

    def fault(self, fault: Fault) -> None:
        """Note what is wrong."""
        self.fault_count += 1
        if len(self.faults) < TOLD:
            self.faults.append(fault)

    def all_pass(self, rows: Sequence[tuple[Any, ...]], contents: Sequence[tuple[int, str]]) -> bool:
        """Take in these events together, where nothing at all is wrong with them; else nothing was done."""
        columns = list(zip(*rows, strict=True))
        end = passing.End(self.last["seq"], self.last["at"], self.claimed)
        leaves = passing.leaves_that_pass(columns, contents, end) if self.is_whole else None
        if leaves is None:
            return False
        seqs = columns[passing.SEQ]
        # The tree stands still where a root is known that it must have.
        stops = sorted(size for size in self.roots if seqs[0] <= size <= seqs[-1])
        for first, last in pairwise((seqs[0] - 1, *stops, seqs[-1])):
            for frontier in self.frontiers.values():
                frontier.extend(leaves[first - seqs[0] + 1 : last - seqs[0] + 1])
            if last in stops:
                self._compare_roots()
        self.claimed, self.last = rows[-1][-1], _row(rows[-1])
        return True

    def each(self, rows: Sequence[tuple[Any, ...]], contents: Sequence[tuple[int, str]]) -> None:
        """Take in these events one by one, and note what is wrong."""
        tokens = dict(contents)
        places = {row[0] for row in rows}
        for seq in tokens:
            if seq not in places:
                self.without_event(seq)
        for values in rows:
            row = _row(values)
            self.event(row, values[-1])
            self.payload(row, _opened(tokens[row["seq"]]) if row["seq"] in tokens else None)
            self.last = row

    def without_event(self, seq: int) -> None:
        """Note contents that belong to no event."""
        self.fault(Fault(seq, INSERTED, _("有内容而没有这一条留痕。")))

    def event(self, row: dict[str, Any], claimed: str) -> None:
        """Check an event against itself and the one before, and grow the tree."""
        before = self.last if self.last["seq"] else None
        if row["seq"] != self.last["seq"] + 1:
            gap = {"first": self.last["seq"] + 1, "last": row["seq"] - 1}
            self.is_whole = False
            self.fault(Fault(gap["first"], LOST, _("第 %(first)s 条到第 %(last)s 条不见了。") % gap))
        elif diagnosis.is_genuine(row, claimed):
            if row["prev_hash"] != self.claimed:
                self._tell(diagnosis.of_unchained, row, before, self.claimed)
        else:
            self._tell(diagnosis.of_altered, row, claimed)
        self.claimed = claimed
        if self.is_whole:
            self._grow(row, claimed)

    def _tell(self, told: Callable[..., Fault], *given: Any) -> None:
        if len(self.faults) < TOLD:
            self.fault(told(*given))
        else:
            self.fault_count += 1

    def _grow(self, row: dict[str, Any], claimed: str) -> None:
        try:
            leaf = bytes.fromhex(claimed)
        except ValueError:
            self.is_whole = False
            return
        for frontier in self.frontiers.values():
            frontier.append(leaf)
        if row["seq"] in self.roots:
            self._compare_roots()

    def _compare_roots(self) -> None:
        size = self.frontier.size
        for algorithm, root, whose in self.roots.pop(size, ()):
            if self.frontiers[algorithm].root().hex() != root:
                self._unfit(size, whose)

    def _unfit(self, size: int, whose: str) -> None:
        text = _("%(whose)s记着前 %(size)s 条的摘要根，现在算出的不是它：这些留痕被改写过。")
        self.fault(Fault(0, UNFIT, text % {"whose": whose, "size": size}))

    def payload(self, row: dict[str, Any], body: str | None) -> None:
        """Check what the event says, and that time runs forward."""
        if body is None:
            if row["seq"] not in self.erasures or not self._is_recorded(row["seq"]):
                text = _("内容不见了，也没有依法删除的留痕。")
                self.fault(Fault(row["seq"], LOST, text, diagnosis.about(row)))
        elif not _says(row, body):
            self.fault(Fault(row["seq"], SAID, _("内容与留痕里的摘要不符。"), diagnosis.about(row)))
        if row["at"] < self.last["at"]:
            self._back_in_time(row, body)

    def _is_recorded(self, seq: int) -> bool:
        by = Event.objects.filter(seq=self.erasures[seq], action=ERASED, subject_type=EVENT, subject_id=seq)
        return by.exists()

    def _back_in_time(self, row: dict[str, Any], body: str | None) -> None:
        if row["version"] == 1:
            behind = None
        elif body is None:
            return
        else:
            behind = _clock_back(body)
            if not behind:
                text = _("时间早于前一条，而没有记明时钟被拨回。")
                self.fault(Fault(row["seq"], MOVED, text, diagnosis.about(row)))
                return
        words = _("第 %(seq)s 条：系统时钟比前一条早 %(seconds)s 秒。")
        if len(self.notices) < TOLD:
            self.notices.append(words % {"seq": row["seq"], "seconds": "?" if behind is None else behind})

    def finish(self) -> None:
        """Compare with the tree's own end, with the checkpoints, and see that the triggers are there."""
        self._compare_head()
        self._compare_nodes()
        self._check_signatures()
        for size in sorted(size for size in self.roots if size > self.last["seq"]):
            for _algorithm, _root, whose in self.roots[size]:
                facts = {"whose": whose, "size": size, "count": self.last["seq"]}
                text = _("%(whose)s有 %(size)s 条，而留痕只有 %(count)s 条：末尾被截去，或恢复了旧备份。") % facts
                self.fault(Fault(0, CUT, text))
        for table in triggers.missing():
            text = _("表 %(table)s 的防改触发器不在了。请由数据库管理员查明原因，并重新安装。") % {"table": table}
            self.fault(Fault(0, LOST, text))

    def _compare_head(self) -> None:
        count = self.last["seq"]
        if self.head is None:
            if count:
                self.fault(Fault(0, LOST, _("摘要树不见了。")))
        elif self.head.size > count:
            facts = {"first": count + 1, "last": self.head.size}
            text = _("末尾的第 %(first)s 条到第 %(last)s 条不见了。") % facts
            self.fault(Fault(count + 1, CUT, text))
        elif self.head.size < count:
            facts = {"first": self.head.size + 1, "last": count}
            text = _("末尾的第 %(first)s 条到第 %(last)s 条不在摘要树里，是绕过系统加进去的。") % facts
            self.fault(Fault(self.head.size + 1, INSERTED, text))
        elif self.is_whole and b"".join(self.frontier.peaks).hex() != self.head.frontier:
            self.fault(Fault(0, diagnosis.ALTERED, _("摘要树与留痕不符：留痕被改写过，或树被改动。")))

    def _compare_nodes(self) -> None:
        if not self.is_whole:
            return
        made = dict(tree.rows_of(self.frontier))
        if not made:
            return
        there = dict(TreeNode.objects.filter(place__gte=min(made)).values_list("place", "hash"))
        wrong = [place for place, node in made.items() if there.get(place) != node]
        if wrong:
            self.fault(Fault(0, diagnosis.ALTERED, _("存着的树节点有 %(count)s 个不符。") % {"count": len(wrong)}))

    def _check_signatures(self) -> None:
        origin = f"xianxue/{self.head.log_id}" if self.head else ""
        for made in self.checkpoints:
            if made.origin != origin or not is_signature_good(made):
                text = _("系统内 %(size)s 条的检查点（%(at)s）签名无效，或不是这份留痕的。")
                self.fault(Fault(0, UNFIT, text % {"size": made.size, "at": made.at}))
        keys = public_keys()
        for note in self.outside:
            if note.origin != origin or not note.is_signed_by(keys):
                text = _("系统外 %(size)s 条的检查点（%(at)s）签名无效，或不是这份留痕的。")
                self.fault(Fault(0, UNFIT, text % {"size": note.size, "at": note.at}))

    def verdict(self) -> Verdict:
        """What was found, by event."""
        faults = tuple(sorted(self.faults, key=lambda fault: fault.seq or self.last["seq"] + 1))
        root = self.frontier.root().hex() if self.is_whole else ""
        count, notices = self.last["seq"], tuple(self.notices)
        return Verdict(count, self.claimed, faults, root, self.fault_count, notices)


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    """The columns of an event by name, without its own hash."""
    return dict(zip(COLUMNS[:-1], values, strict=False))


def _says(row: dict[str, Any], body: str) -> bool:
    try:
        return bool(payload_hash(row["salt"], body.encode(), row["algorithm"]) == row["payload_hash"])
    except (TypeError, ValueError):
        return False


def _clock_back(body: str) -> int:
    try:
        return int(json.loads(body).get("clock_back", 0))
    except (ValueError, AttributeError):
        return 0


def _stored_root(algorithm: str, size: int) -> str:
    try:
        return root_at(tree.StoredNodes(algorithm), size).hex()
    except KeyError:
        return ""
