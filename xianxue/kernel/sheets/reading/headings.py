"""Headings of a workbook and the columns they mean."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from xianxue.kernel.columns.cleaning import narrow_text
from xianxue.kernel.sheets.sheet import Sheet

# The two columns that a returned workbook carries; left out when it comes back.
RESULT, EXPLANATION = "结果", "说明"
CLOSING = ")]】〕>"
NOTE = re.compile(rf"[(\[【〔<].*?[{re.escape(CLOSING)}]")
DECORATION = re.compile(r"[*＊:：、,，.。?？!！\"'“”]|必填|选填")


def folded(heading: str) -> str:
    """A heading without blanks, line breaks, stars and case."""
    return DECORATION.sub("", narrow_text(heading))


def spellings(heading: str) -> tuple[str, ...]:
    """What to look a heading up by: as it stands, then without what is in brackets."""
    whole = folded(heading)
    short = folded(_without_notes(narrow_text(heading)))
    return (whole, short) if short and short != whole else (whole,)


def _without_notes(text: str) -> str:
    """The text without what is in brackets. Behind the last closing one every opening one would be searched for in vain."""
    end = max(map(text.rfind, CLOSING)) + 1
    return NOTE.sub("", text[:end]) + text[end:]


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


def matched(headings: Mapping[int, str], known: Mapping[str, str]) -> dict[str, int]:
    """Column name → place of its heading (`headings` by place, in order); the first heading that means a column has it."""
    places: dict[str, int] = {}
    taken: set[int] = set()
    for exact in (True, False):
        for place, heading in headings.items():
            if place in taken:
                continue
            texts = spellings(heading)[:1] if exact else spellings(heading)[1:]
            name = next((known[text] for text in texts if text in known), None)
            if name is not None and name not in places:
                places[name] = place
                taken.add(place)
    return places


def joined_heads(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Headings of a head in two rows: 监护人1 over 姓名 is 监护人1姓名; a merged cell above counts for all below."""
    heads, parent = [], ""
    for above, below in zip(upper, lower, strict=True):
        parent = above or (parent if below else "")
        heads.append(parent + below if parent and below and parent != below else below or above)
    return heads


def fingerprint(headings: Sequence[str]) -> str:
    """What tells one kind of file from another: its headings in order."""
    return hashlib.sha256("\n".join(map(folded, headings)).encode()).hexdigest()


def result_columns(headings: Mapping[int, str]) -> list[int]:
    """Places of the two columns that we added to a returned workbook; `headings` by place, in order."""
    for place, heading in headings.items():
        if heading.strip() == RESULT and headings.get(place + 1, "").strip() == EXPLANATION:
            return [place, place + 1]
    return []
