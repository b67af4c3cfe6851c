"""All figures of a county of 80,000 pupils recomputed; target ≤ 5 s.

python -m bench.figures [--runs 5] [--postgres]
"""

import argparse

from bench import county
from bench.measure import Lap, lap, name_tag, peak_memory_mb


def main() -> None:
    """Print the median of recomputing a year."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--postgres", action="store_true")
    given = options.parse_args()
    with county.ready(postgres=given.postgres):
        measure(given.runs)


def measure(runs: int) -> None:
    """Recompute and print."""
    from xianxue.kernel.access import system_actor, whole_county  # noqa: PLC0415 - app ready
    from xianxue.kernel.indicators.services import compute  # noqa: PLC0415 - app ready

    print(name_tag())
    whole = Lap("all figures of 2024")
    with whole_county("bench"):
        compute(2024, by=system_actor("cli"))
        for _run in range(runs):
            with lap(whole):
                compute(2024, by=system_actor("cli"))
    print(whole.line(), f" target 5 s  peak {peak_memory_mb():.0f} MB")


if __name__ == "__main__":
    main()
