"""Which sheet of the file, which row of heads, which template, which unit: found, not asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from xianxue.kernel.columns import Reference, Referent, referents
from xianxue.kernel.columns.cleaning import narrow_text
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.reading import headings
from xianxue.kernel.sheets.reading.heads import HEAD_ROWS, Head, Titles, possible_heads
from xianxue.kernel.sheets.reading.tables import Table
from xianxue.kernel.sheets.sheet import Sheet

FEWEST = 2


@dataclass(frozen=True)
class Layout:
    """How a table is to be read: heads end at frame index `data_from - 1`; `mapping` is column name → place."""

    sheet: Sheet
    table: Table
    heads: tuple[str, ...]
    head_from: int
    data_from: int
    mapping: Mapping[str, int]

    @property
    def has_key(self) -> bool:
        """Whether rows can be told apart."""
        return any(all(name in self.mapping for name in group) for group in self.sheet.key)

    @property
    def results(self) -> list[int]:
        """Places of the columns that an earlier returned workbook carries."""
        return headings.result_columns(dict(enumerate(self.heads)))

    @property
    def unknown(self) -> dict[int, str]:
        """Headings that mean no column: place → heading."""
        taken = {*self.mapping.values(), *self.results}
        return {place: head for place, head in enumerate(self.heads) if head.strip() and place not in taken}


@dataclass(frozen=True)
class Wishes:
    """What the sender decided instead of leaving it to recognition; empty for "find out"."""

    sheet: str = ""
    table: str = ""
    mapping: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Reading:
    """One way to read a table, and how good it is."""

    sheet: Sheet
    table: Table
    head: Head
    known: Mapping[str, str]
    mapping: Mapping[str, int]
    score: float

    def layout(self) -> Layout:
        """The reading as a layout: all headings of a wide table are put together for the best reading alone."""
        texts = self.head.all_texts(self.known)
        return Layout(self.sheet, self.table, texts, self.head.head_from, self.head.data_from, self.mapping)


def _score(sheet: Sheet, mapping: Mapping[str, int], head: Head) -> float:
    has_key = any(all(name in mapping for name in group) for group in sheet.key)
    score = len(mapping) + 2 * has_key + len(mapping) / head.filled
    # A head in two rows must earn its second row, or a first data row would be swallowed.
    return score - 0.75 * (head.data_from - head.head_from - 1)


def _readings(tables: Sequence[Table], sheets: Sequence[Sheet]) -> Iterator[_Reading]:
    known = {sheet.code: headings.known_headings(sheet) for sheet in sheets}
    words = set().union(*known.values())
    for table in tables:
        heads, titles = possible_heads(table, words), Titles(table)
        for sheet in sheets:
            named_from = titles.first_row_below(sheet)
            for head in heads:
                texts = head.telling_texts(known[sheet.code])
                results = headings.result_columns(texts)
                matched = headings.matched(texts, known[sheet.code])
                mapping = {column: place for column, place in matched.items() if place not in results}
                if mapping:
                    # A little for titles and sheet names that speak for the template; less for hidden sheets.
                    hint = (0.5 if head.head_from >= named_from else 0.0) - (0.6 if table.is_hidden else 0.0)
                    score = _score(sheet, mapping, head) + hint
                    yield _Reading(sheet, table, head, known[sheet.code], mapping, score)


def recognise(name: str, tables: Sequence[Table], wishes: Wishes) -> Layout:
    """The best reading of a file. Refuses, saying what was seen, where none is good enough."""
    sheets = [registry.get(wishes.sheet)] if wishes.sheet else registry.all()
    candidates = [table for table in tables if not wishes.table or table.name == wishes.table]
    reading = max(_readings(candidates, sheets), key=lambda reading: reading.score, default=None)
    if reading is None or len(reading.mapping) < FEWEST:
        raise _unrecognised(name, candidates)
    best = reading.layout()
    if wishes.mapping:
        best = Layout(best.sheet, best.table, best.heads, best.head_from, best.data_from, _decided(best, wishes))
    if not best.has_key:
        raise _without_key(name, best)
    if best.data_from >= best.table.frame.height:
        raise Refused(
            _("未能导入“%(name)s”：工作表“%(table)s”只有表头，没有数据行。请填写后再发送。")
            % {"name": name, "table": best.table.name}
        )
    return best


def _decided(layout: Layout, wishes: Wishes) -> dict[str, int]:
    """The mapping with the sender's decisions: a heading given to another column leaves the one it had; -1 is none."""
    places = set(wishes.mapping.values())
    kept = {column: place for column, place in layout.mapping.items() if place not in places}
    decided = {column: place for column, place in wishes.mapping.items() if column in layout.sheet.by_name}
    return {column: place for column, place in (kept | decided).items() if 0 <= place < len(layout.heads)}


def _unrecognised(name: str, tables: Sequence[Table]) -> Refused:
    for table in tables:
        for index in range(min(HEAD_ROWS, table.frame.height)):
            texts = [text for text in table.texts(index) if text.strip()]
            if len(texts) > FEWEST and all(len(text) <= 20 and not text[:1].isdigit() for text in texts):
                return Refused(
                    _(
                        "未能导入“%(name)s”：认不出这是哪一种表，表头“%(heads)s”与任何模板都对不上。请确认选对了文件，或下载模板后填写。"
                    )
                    % {"name": name, "heads": "、".join(texts[:6])}
                )
    return Refused(
        _(
            "未能导入“%(name)s”：前 %(rows)s 行里没有找到表头。请在数据上方加一行列名（如姓名、性别），或下载模板后填写。"
        )
        % {"name": name, "rows": HEAD_ROWS}
    )


def _without_key(name: str, layout: Layout) -> Refused:
    by_name = layout.sheet.by_name
    keys = " 或 ".join("＋".join(str(by_name[column].label) for column in group) for group in layout.sheet.key)
    return Refused(
        _("未能导入“%(name)s”：像是“%(sheet)s”，但没有能分清每一行的列（%(keys)s）。请补上这一列后再发送。")
        % {"name": name, "sheet": layout.sheet.label, "keys": keys}
    )


def recognise_unit(layout: Layout, file_name: str) -> Referent | None:
    """The unit of rows that do not name one: from titles, the sheet's name, the file's name; else the only one there is.

    Runs in the sender's reach, so that only units within it can be found.
    """
    if not layout.sheet.unit_column:
        return None
    type_ = layout.sheet.by_name[layout.sheet.unit_column].type
    units = referents(type_.register_code) if isinstance(type_, Reference) else []
    if len(units) == 1:
        return units[0]
    titles = "".join("".join(layout.table.texts(row)) for row in range(layout.head_from))
    for text in (titles, layout.table.name, file_name):
        if found := _named_in(narrow_text(text), units):
            return found
    return None


def _named_in(text: str, units: Sequence[Referent]) -> Referent | None:
    """The unit whose longest spelling stands in the text; None where two units are named alike."""
    best: dict[int, tuple[int, Referent]] = {}
    for unit in units:
        for spelling in (unit.label, *unit.spellings):
            word = narrow_text(spelling)
            if len(word) > 1 and word in text and len(word) > best.get(unit.pk, (0, unit))[0]:
                best[unit.pk] = (len(word), unit)
    longest = max((length for length, _unit in best.values()), default=0)
    named = [unit for length, unit in best.values() if length == longest]
    return named[0] if len(named) == 1 else None
