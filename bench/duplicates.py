"""Search for duplicates over 80,000 pupils and their families: seconds, memory, precision and recall of planted pairs.

    BENCH_DIR=… python -m bench.duplicates [--each 20]

It writes into the county of `BENCH_DIR`, in a transaction that is rolled back. Recall and precision are of the planted
pairs, by kind; the pairs offered beside them come from the invented county itself, where nobody is registered twice.
"""

import argparse
import resource
import time
from collections import Counter

from bench import county
from bench.measure import name_tag


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--each", type=int, default=20)
    given = options.parse_args()
    with county.ready(postgres=False):
        from django.db import transaction  # noqa: PLC0415 - app ready

        print(name_tag())
        with transaction.atomic():
            measure(given.each)
            transaction.set_rollback(True)


def measure(each: int) -> None:
    """Plant, search, count."""
    from tests.people.planted import Planter  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready
    from xianxue.organisations.models import School  # noqa: PLC0415 - app ready
    from xianxue.people.rules.duplicates import weights  # noqa: PLC0415 - app ready
    from xianxue.people.selectors.duplicates import compare, material  # noqa: PLC0415 - app ready

    planted = Planter(list(School.unguarded.filter(stages__contains="primary"))).plant(each)
    with whole_county("bench"):
        started = time.perf_counter()
        read = material()
        between = time.perf_counter()
        found = compare(read)
        ended = time.perf_counter()
    print(f"{read.portraits.height} persons: read {between - started:.1f} s, compared {ended - between:.1f} s")
    print(f"{found.count} pairs compared, {found.pairs.height} offered, {found.skipped} keys too common")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    offered = {(a, b): score for a, b, score in found.pairs.select("a_id", "b_id", "score").iter_rows()}
    hits, likely = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for pair in planted:
        score = offered.get((min(pair.first, pair.second), max(pair.first, pair.second)))
        hits[pair.kind, pair.is_one] += score is not None
        likely[pair.kind, pair.is_one] += score is not None and score >= weights().likely
    for kind, is_one in dict.fromkeys((pair.kind, pair.is_one) for pair in planted):
        word = "one person" if is_one else "two persons"
        print(f"{word:12} {kind:26} offered {hits[kind, is_one]:3} of {each}, likely {likely[kind, is_one]:3}")
    true = sum(count for (_kind, is_one), count in hits.items() if is_one)
    false = sum(count for (_kind, is_one), count in hits.items() if not is_one)
    total = sum(pair.is_one for pair in planted)
    print(f"recall {true / total:.3f}, precision among planted {true / max(true + false, 1):.3f}")


if __name__ == "__main__":
    main()
