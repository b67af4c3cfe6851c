"""Spoiling a school's file in the ways that schools' files are spoiled, and remembering each spoiled cell."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from xianxue.demo.identity import check_digit

# Excel counts days from the last one of 1899, because it takes 1900 for a leap year.
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_FIRST_DATA_ROW: Final = 2
ERROR: Final = "error"
TOLERATED: Final = "tolerated"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planted:
    """One spoiled cell. `row` is the workbook's row number; `expect` says whether it is an error or read as meant.

    `twin_row` is the row of the same pupil's other entry, where a row was entered twice.
    """

    file: str
    row: int
    field: str
    kind: str
    value: str
    expect: str
    twin_row: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as it stands in `planted.json`."""
        return asdict(self)


def _float_id(row: Row) -> Any:
    return float(row["id_number"].replace("X", "0"))


def _wrong_check_digit(row: Row) -> Any:
    right = check_digit(row["id_number"][:17])
    return row["id_number"][:17] + ("1" if right != "1" else "2")


def _full_width(row: Row) -> Any:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in row["phone"])


# kind: field, how the cell comes to look, whether a careful reader can still tell what was meant.
_KINDS: Final[dict[str, tuple[str, Callable[[Row], Any], str]]] = {
    "id_became_float": ("id_number", _float_id, ERROR),
    "wrong_check_digit": ("id_number", _wrong_check_digit, ERROR),
    "birth_date_contradicts": ("born_on", lambda row: row["born_on"] + timedelta(days=237), ERROR),
    "unknown_ethnic_group": ("ethnic_group", lambda _row: "汉族人", ERROR),
    "unknown_class": ("class_number", lambda _row: 97, ERROR),
    "unknown_grade": ("grade", lambda _row: "初七", ERROR),
    "name_missing": ("name", lambda _row: None, ERROR),
    "full_width_digits": ("phone", _full_width, TOLERATED),
    "serial_date": ("born_on", lambda row: (row["born_on"] - _EXCEL_EPOCH).days, TOLERATED),
}
_EACH: Final = {"unknown_ethnic_group": 5, "id_became_float": 4}
_TWICE: Final = "same_row_twice"
_TWICE_DIFFERENTLY: Final = "same_pupil_twice"


def spoil(rows: Sequence[Row], file: str, random: Random) -> tuple[list[Row], list[Planted]]:
    """Return a copy of the rows with planted errors, and their list; every kind appears at least once.

    No row is spoiled twice, so a reader that finds all of them and nothing else has judged each alone. In a file
    with too few rows with an ID number, the later kinds are left out.
    """
    copies = [dict(row) for row in rows]
    candidates = [at for at, row in enumerate(rows) if row["id_kind"] == "居民身份证" and row["id_number"]]
    random.shuffle(candidates)
    planted: list[Planted] = []
    jobs = [kind for kind in _KINDS for _ in range(_EACH.get(kind, 2) if len(rows) > 100 else 1)]
    for kind in jobs:
        if len(candidates) < 2:
            break
        at = candidates.pop()
        field, change, expect = _KINDS[kind]
        copies[at][field] = change(copies[at])
        planted.append(Planted(file, at + _FIRST_DATA_ROW, field, kind, str(copies[at][field] or ""), expect))
    for kind, changes in ((_TWICE, {}), (_TWICE_DIFFERENTLY, {"class_no": "99"})):
        if candidates:
            twin = candidates.pop()
            copies.append(dict(rows[twin]) | changes)
            expect = ERROR if changes else TOLERATED
            row = len(copies) - 1 + _FIRST_DATA_ROW
            value = str(copies[-1]["student_no"])
            planted.append(Planted(file, row, "student_no", kind, value, expect, twin + _FIRST_DATA_ROW))
    return copies, planted
