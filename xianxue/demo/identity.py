"""Numbers of invented people: valid in form, and of blocks that no real person can hold.

ID numbers carry an area code whose province digits, 38 or 39, GB/T 2260 has never assigned;
telephone numbers start with 160, which no operator has been given. Both are checked here, not trusted to data.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

UNASSIGNED_PROVINCES: Final = frozenset({"38", "39"})
UNASSIGNED_PHONE_PREFIX: Final = "160"

# GB 11643-1999, which uses ISO 7064 MOD 11-2.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_SEQUENCES: Final = tuple(
    (f"{n:03d}", sum(int(d) * w for d, w in zip(f"{n:03d}", _WEIGHTS[14:], strict=True))) for n in range(1000)
)


def check_digit(body: str) -> str:
    """Return the eighteenth character for the first seventeen of an ID number."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


class IdNumbers:
    """Issues each ID number once, in the order asked for.

    Within an area and a birth date men get the odd sequence numbers and women the even ones, as the
    standard has it, so a date holds 500 men and 499 women.
    """

    def __init__(self) -> None:
        self._heads: dict[tuple[str, date], tuple[str, int]] = {}
        self._next: dict[tuple[str, date, bool], int] = {}

    def issue(self, area: str, born: date, *, male: bool) -> str:
        """Return an unused number for a person of this area (six digits), birth date and sex.

        Raises ValueError for an area that could be real, and when a date is full.
        """
        head = self._heads.get((area, born)) or self._head(area, born)
        sequence = self._next.get((area, born, male), 1 if male else 2)
        if sequence > 999:
            message = f"no ID number left for {area} {born}"
            raise ValueError(message)
        self._next[area, born, male] = sequence + 2
        text, weight = _SEQUENCES[sequence]
        return head[0] + text + _CHECK_DIGITS[(head[1] + weight) % 11]

    def _head(self, area: str, born: date) -> tuple[str, int]:
        if len(area) != 6 or not area.isdigit() or area[:2] not in UNASSIGNED_PROVINCES:
            message = f"area {area} might belong to a real place"
            raise ValueError(message)
        text = f"{area}{born:%Y%m%d}"
        head = text, sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS[:14], strict=True))
        self._heads[area, born] = head
        return head


def phones() -> Iterator[str]:
    """Yield invented mobile numbers, each once; the step spreads them over the block."""
    step, size = 38_177_693, 10**8  # coprime, so the sequence visits the whole block before repeating
    at = 0
    while True:
        at = (at + step) % size
        yield f"{UNASSIGNED_PHONE_PREFIX}{at:08d}"
