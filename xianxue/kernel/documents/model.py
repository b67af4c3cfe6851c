"""An official paper as data: what it says, in which order; how it looks is the renderers' business."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from xianxue.kernel.documents.numbers import han


@dataclass(frozen=True, slots=True)
class Text:
    """Words; `strong` where they carry weight."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FigureRun:
    """A figure in a sentence, with the page that tells where it comes from.

    `href` is a path of this installation or a full http(s) address; empty where nothing can be opened.
    Raises ValueError for any other address: a paper leaves the house and must not carry a script.
    """

    text: str
    href: str
    code: str
    missing: bool = False

    def __post_init__(self) -> None:
        is_path = self.href.startswith("/") and not self.href.startswith("//")
        if self.href and not is_path and not self.href.startswith(("http://", "https://")):
            raise ValueError(f"A figure opens a path or an http(s) address, not {self.href!r}.")


Run: TypeAlias = Text | FigureRun


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; its number (一、 （一） 1.) follows from its place."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; `addressee` is the line of 主送机关, which is not indented."""

    runs: Sequence[Run]
    addressee: bool = False


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item numbered （1）, （2） …; the count starts anew after any other block."""

    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `weight` is its share of the width."""

    head: str
    weight: int = 1
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page. Raises ValueError for a row of another length than the head."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Run]]
    caption: str = ""

    def __post_init__(self) -> None:
        if wrong := [number for number, row in enumerate(self.rows, 1) if len(row) != len(self.columns)]:
            raise ValueError(f"Row {wrong[0]} has not {len(self.columns)} cells.")


@dataclass(frozen=True, slots=True)
class Signature:
    """发文机关署名 and 成文日期, both taken from the document."""


@dataclass(frozen=True, slots=True)
class AttachmentNote:
    """附件说明: the names of the attachments, without 《》 and without a full stop."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Attendees:
    """出席、请假、列席 of minutes (GB/T 9704—2012 §10.3): one line each, whose names begin below one another.

    Raises ValueError for a label that does not leave the names their place.
    """

    label: str
    names: Sequence[str]

    def __post_init__(self) -> None:
        if len(self.label) != 2:
            raise ValueError(f"{self.label!r} is not 出席, 请假 or 列席: the label has two characters.")


@dataclass(frozen=True, slots=True)
class CheckNote:
    """The last lines of a paper that can be checked: a code to scan, and beside it what it leads to, in words.

    `url` is a full http(s) address. Raises ValueError for any other.
    """

    url: str
    lines: Sequence[str]

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"A paper is checked at an http(s) address, not {self.url!r}.")


Block: TypeAlias = Heading | Paragraph | ListItem | Table | Signature | AttachmentNote | Attendees | CheckNote


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. A line break in `title` is kept: a title of several lines is broken where its words allow.

    `masthead` is the red 发文机关标志, for papers that go out with one; `doc_number` is the 发文字号. `mark` stands in the
    upper left corner, where 密级 and 紧急程度 do: what is not final yet says so (草稿).
    """

    title: str
    issuer: str
    date: date
    blocks: Sequence[Block]
    doc_number: str | None = None
    masthead: str | None = None
    mark: str = ""


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Each block with its number as GB/T 9704—2012 §7.3.3 writes it: 一、 （一） 1. （1）; empty for the others."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if isinstance(block, Heading):
            depth = block.level - 1
        elif isinstance(block, ListItem):
            depth = 3
        else:
            counts[3] = 0
            yield "", block
            continue
        counts[depth] += 1
        counts[depth + 1 :] = [0] * (3 - depth)
        yield _number(depth, counts[depth]), block


def _number(depth: int, count: int) -> str:
    return (f"{han(count)}、", f"（{han(count)}）", f"{count}. ", f"（{count}）")[depth]


def attachment_lines(note: AttachmentNote) -> list[str]:
    """The names with their numbers; a single attachment has none."""
    if len(note.names) == 1:
        return [note.names[0]]
    return [f"{number}. {name}" for number, name in enumerate(note.names, 1)]
