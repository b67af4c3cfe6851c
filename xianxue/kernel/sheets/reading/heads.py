"""The rows of a table that may be its head, looked at once for all templates.

A file may be as wide as its sender likes, and there are some forty templates: what a template is asked about are the few
places that mean something in any of them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xianxue.kernel.sheets.reading.headings import EXPLANATION, RESULT, folded, joined_heads, spellings
from xianxue.kernel.sheets.reading.tables import Table
from xianxue.kernel.sheets.sheet import Sheet

HEAD_ROWS = 20


@dataclass(frozen=True)
class Head:
    """One row that may be the head, or two: `texts` is what they say together, `lower` what the lower one says alone.

    Heads end at frame index `data_from - 1`. `telling`: the places that mean something in any template.
    """

    head_from: int
    data_from: int
    texts: Sequence[str]
    lower: Sequence[str]
    telling: Sequence[int]
    filled: int

    def telling_texts(self, known: Mapping[str, str]) -> dict[int, str]:
        """The telling headings by place, as a template with these known headings reads them."""
        return {place: self._text(place, known) for place in self.telling}

    def all_texts(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """All headings as the template reads them."""
        telling = self.telling_texts(known)
        return tuple(telling.get(place, text) for place, text in enumerate(self.texts))

    def _text(self, place: int, known: Mapping[str, str]) -> str:
        """Where two rows together mean nothing and the lower one is known (基本情况 over 姓名), that one stands alone."""
        both, below = self.texts[place], self.lower[place]
        return below if folded(below) in known and folded(both) not in known else both


def possible_heads(table: Table, words: Collection[str]) -> list[Head]:
    """Every row near the top, and every two rows one below the other. `words`: folded headings that any template knows."""
    return list(_heads([table.texts(index) for index in range(min(HEAD_ROWS, table.frame.height))], words))


def _heads(rows: Sequence[Sequence[str]], words: Collection[str]) -> Iterator[Head]:
    for index, row in enumerate(rows):
        yield _head(index, index + 1, row, row, words)
        if index + 1 < len(rows):
            lower = rows[index + 1]
            yield _head(index, index + 2, joined_heads(row, lower), lower, words)


def _head(head_from: int, data_from: int, texts: Sequence[str], lower: Sequence[str], words: Collection[str]) -> Head:
    telling = [place for place, text in enumerate(texts) if text and _tells(text, lower[place], words)]
    return Head(head_from, data_from, texts, lower, telling, sum(1 for text in texts if text.strip()))


def _tells(text: str, below: str, words: Collection[str]) -> bool:
    if any(spelling in words for spelling in spellings(text)):
        return True
    if below != text and folded(below) in words:
        return True
    return bool({text.strip(), below.strip()} & {RESULT, EXPLANATION})


class Titles:
    """What stands above the head of a table, asked for the words of a template."""

    def __init__(self, table: Table) -> None:
        rows = ["".join(table.texts(index)) for index in range(min(HEAD_ROWS, table.frame.height))]
        self.name = table.name
        self.text = "".join(rows)
        self.ends = [0]
        for row in rows:
            self.ends.append(self.ends[-1] + len(row))

    def first_row_below(self, sheet: Sheet) -> int:
        """The smallest frame index above which a word of the template stands, or 0 where the table's name has it.

        One that no row has where there is none.
        """
        words = (str(sheet.label), *sheet.headings)
        if any(word in self.name for word in words):
            return 0
        ends = [place + len(word) for word in words if (place := self.text.find(word)) >= 0]
        return next((index for index, end in enumerate(self.ends) if ends and end >= min(ends)), len(self.ends))
