"""Headings of a workbook and the columns they mean."""

import hashlib
import re
from collections.abc import Container, Mapping, Sequence

from xianxue.kernel.columns.cleaning import narrow_text
from xianxue.kernel.sheets.sheet import Sheet

# The two columns that a returned workbook carries; left out when it comes back.
RESULT, EXPLANATION = "结果", "说明"
NOTE = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
DECORATION = re.compile(r"[*＊:：、,，.。?？!！\"'“”]|必填|选填")


def folded(heading: str) -> str:
    """A heading without blanks, line breaks, stars and case."""
    return DECORATION.sub("", narrow_text(heading))


def spellings(heading: str) -> tuple[str, ...]:
    """What to look a heading up by: as it stands, then without what is in brackets."""
    whole = folded(heading)
    short = folded(NOTE.sub("", narrow_text(heading)))
    return (whole, short) if short and short != whole else (whole,)


def known_headings(sheet: Sheet) -> dict[str, str]:
    """Folded heading → column name. A column's own label goes before another's synonym."""
    known: dict[str, str] = {}
    for column in sheet.columns:
        for text in spellings(str(column.label)):
            known.setdefault(text, column.name)
    for column in sheet.columns:
        for synonym in column.synonyms:
            known.setdefault(folded(synonym), column.name)
    known.pop("", None)
    return known


def matched(headings: Sequence[str], known: Mapping[str, str]) -> dict[str, int]:
    """Column name → place of its heading; the first heading that means a column has it."""
    found: dict[str, int] = {}
    for exact in (True, False):
        for place, heading in enumerate(headings):
            if place in found.values():
                continue
            texts = spellings(heading)[:1] if exact else spellings(heading)[1:]
            name = next((known[text] for text in texts if text in known), None)
            if name is not None:
                found.setdefault(name, place)
    return found


def joined_heads(upper: Sequence[str], lower: Sequence[str], known: Container[str] = ()) -> list[str]:
    """Headings of a head in two rows: 监护人1 over 姓名 is 监护人1姓名; a merged cell above counts for all below.

    Where the two together mean nothing and the lower one is known (基本情况 over 姓名), the lower one stands alone.
    """
    heads, parent = [], ""
    for above, below in zip(upper, lower, strict=True):
        parent = above or (parent if below else "")
        both = parent + below if parent and below and parent != below else below or above
        heads.append(below if folded(below) in known and folded(both) not in known else both)
    return heads


def fingerprint(headings: Sequence[str]) -> str:
    """What tells one kind of file from another: its headings in order."""
    return hashlib.sha256("\n".join(map(folded, headings)).encode()).hexdigest()


def result_columns(headings: Sequence[str]) -> list[int]:
    """Places of the two columns that we added to a returned workbook."""
    for place in range(len(headings) - 1):
        if headings[place].strip() == RESULT and headings[place + 1].strip() == EXPLANATION:
            return [place, place + 1]
    return []
