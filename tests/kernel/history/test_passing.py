from hashlib import sha256

import pytest

from xianxue.kernel.history.passing import are_written

HASHES = [sha256(bytes([number])).digest() for number in range(3)]
WRITTEN = [one.hex() for one in HASHES]


def test_hashes_are_those_that_were_written() -> None:
    assert are_written(HASHES, WRITTEN)


@pytest.mark.parametrize(
    "written",
    [
        [WRITTEN[0], WRITTEN[2], WRITTEN[1]],
        [WRITTEN[0], WRITTEN[1].upper(), WRITTEN[2]],
        [WRITTEN[0] + WRITTEN[1][0], WRITTEN[1][1:], WRITTEN[2]],
        [WRITTEN[0] + WRITTEN[1], "", WRITTEN[2]],
        WRITTEN[:2],
    ],
    ids=["exchanged", "written otherwise", "a letter moved to the one before", "two as one", "too few"],
)
def test_other_hashes_are_not(written: list[str]) -> None:
    assert not are_written(HASHES, written)
