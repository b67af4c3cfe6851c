"""What every measurement shares: the machine's name tag, medians, percentiles, peak memory, a table."""

import importlib.metadata
import os
import platform
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PACKAGES = ("django", "polars", "fastexcel", "granian", "psycopg", "django-import-export")


def name_tag() -> str:
    """Machine and versions, as every printout carries them."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return (
        f"{platform.node() and platform.system()} {platform.release()}, {model}, {os.cpu_count()} cores, {memory:.0f} GiB\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join(versions)}"
    )


@dataclass
class Lap:
    """Seconds of one step over several runs."""

    name: str
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median of the runs."""
        return statistics.median(self.seconds)

    def line(self, floor: float | None = None) -> str:
        """One row of the printout; with the ratio to a floor where there is one."""
        ratio = f"  {self.median / floor:6.2f} × floor" if floor else ""
        spread = f"({min(self.seconds):.2f}–{max(self.seconds):.2f}, {len(self.seconds)} runs)"
        return f"{self.name:44} {self.median:9.2f} s {spread:24}{ratio}"


@contextmanager
def lap(into: Lap) -> Iterator[None]:
    """Add the block's seconds to a lap."""
    start = time.perf_counter()
    yield
    into.seconds.append(time.perf_counter() - start)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which the given share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def timed(call: Callable[[], object], *, warm: int, runs: int) -> list[float]:
    """Milliseconds of each run, after some that do not count."""
    for _ in range(warm):
        call()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def timed_twice(call: Callable[[], object], *, warm: int, runs: int) -> tuple[list[float], list[float]]:
    """As `timed`: the milliseconds on the clock, and those that this process had the processor."""
    clock, processor = [], []
    for run in range(warm + runs):
        start, busy = time.perf_counter(), time.process_time()
        call()
        if run >= warm:
            processor.append((time.process_time() - busy) * 1000)
            clock.append((time.perf_counter() - start) * 1000)
    return clock, processor


def milliseconds(name: str, taken: Sequence[float], target: float) -> str:
    """One row: median, p95, and whether the p95 is within the target."""
    p95 = percentile(taken, 0.95)
    verdict = "ok" if p95 <= target else "MISSED"
    return f"{name:44} p50 {statistics.median(taken):7.1f} ms  p95 {p95:7.1f} ms  target {target:5.0f} ms  {verdict}"


def peak_memory_mb() -> float:
    """Highest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor_seconds(root: int, *also: str) -> float:
    """Processor seconds so far of a process with all its descendants, and of every process with one of these names.

    Of children that ended, what their parents waited for counts. Linux alone: it reads /proc.
    """
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    named: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, _bracket, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue  # It ended meanwhile.
        fields, pid = rest.split(), int(folder.name)
        parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
        if name in also:
            named.add(pid)
    counted = {pid for pid in parents if pid in named or root in _line(pid, parents)}
    return sum(ticks[pid] for pid in counted) / os.sysconf("SC_CLK_TCK")


def _line(pid: int, parents: dict[int, int]) -> Iterator[int]:
    """The process, its parent, that one's parent, and so on."""
    while pid in parents:
        yield pid
        pid = parents[pid]
