"""A paper as .docx in the layout of GB/T 9704—2012.

Page, styles, fonts and page numbers are the XML parts in `gbt9704/`; here they are filled with a document.
The same document gives the same bytes, so a published paper can be compared by its digest.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from importlib import resources
from typing import Any
from urllib.parse import urljoin

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from xianxue.kernel.documents import model, qr
from xianxue.kernel.documents.numbers import written_date

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_TOOLTIP = "打开这个数字的来源"
_TEXT_WIDTH = 8844  # twips: 156 mm
_CODE_WIDTH = 1900  # of the cell with the code
_CODE_SIZE = Mm(28)
_MASTHEAD_SPACE, _LINE = 1700, 579  # twips, as in the styles
_MASTHEAD_SIZES = (52, 120)  # half-points; between them, what fits one line
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
# What XML 1.0 cannot hold; a sentence pasted from elsewhere may.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "docProps/app.xml": "app.xml",
    "docProps/core.xml": "core.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/document.xml": "document.xml",
    "word/fontTable.xml": "fontTable.xml",
    "word/footer1.xml": "footer1.xml",
    "word/footer2.xml": "footer2.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
}


def docx_bytes(document: model.Document, *, base_url: str = "") -> bytes:
    """The paper as the bytes of a .docx file.

    `base_url` is this installation's address, as in `https://xianxue.example.gov.cn`; figures whose `href` is a path
    link to it. Without it they are words only: a paper on a desk has no path to follow.
    """
    file = docx.Document(io.BytesIO(_blank()))
    writer = _Writer(file.part, base_url)
    section = file.element.body[-1]
    for element in writer.elements(document):
        section.addprevious(element)
    _describe(file.core_properties, document)
    stream = io.BytesIO()
    file.save(stream)
    return _with_fixed_times(stream)


class _Writer:
    def __init__(self, part: Any, base_url: str) -> None:
        self.part = part
        self.base_url = base_url

    def elements(self, document: model.Document) -> Iterator[Any]:
        elements = list(self._opening(document))
        for number, block in model.numbered(document.blocks):
            if isinstance(block, model.Signature):
                _keep_with_next(elements[-1])
            elements += self._block(number, block, document)
        if document.blocks and isinstance(document.blocks[-1], model.Table | model.CheckNote):
            _make_thin(elements[-1])
        return iter(elements)

    def _opening(self, document: model.Document) -> Iterator[Any]:
        number = document.doc_number
        if document.mark:
            yield _paragraph("PaperMark", [_run(document.mark)])
        if document.masthead:
            yield _masthead(document.masthead, below_mark=bool(document.mark))
            yield from (_paragraph("PaperNumber"), _paragraph("PaperNumber"))
            yield _paragraph("PaperNumber", [_run(number)] if number else [])
            yield _paragraph("PaperRule")
            yield from (_paragraph("PaperNumber"), _paragraph("PaperNumber"))
        yield _paragraph("Title", _broken(document.title))
        if number and not document.masthead:
            yield _paragraph("PaperNumber", [_run(number)])
        yield _paragraph("PaperNumber")

    def _block(self, number: str, block: model.Block, document: model.Document) -> Iterator[Any]:
        match block:
            case model.Heading():
                yield _paragraph(f"Heading{block.level}", [_run(number + block.text)])
            case model.Paragraph():
                yield _paragraph("PaperAddressee" if block.addressee else "PaperBody", self._runs(block.runs))
            case model.ListItem():
                yield _paragraph("PaperBody", [_run(number), *self._runs(block.runs)])
            case model.Table():
                yield from self._table(block)
            case model.AttachmentNote():
                yield from _attachments(block)
            case model.Attendees():
                words = "：" + "、".join(block.names)
                yield _paragraph("PaperAttendees", [_run(block.label, style="PaperLabel"), _run(words)])
            case model.Signature():
                yield from (_paragraph("PaperBody", keep=True), _paragraph("PaperBody", keep=True))
                yield _paragraph("PaperSignature", [_run(document.issuer)])
                yield _paragraph("PaperDate", [_run(written_date(document.date))])
            case model.CheckNote():
                yield from self._check(block)

    def _runs(self, runs: Iterable[model.Run]) -> list[Any]:
        return [
            self._figure(run) if isinstance(run, model.FigureRun) else _run(run.text, strong=run.strong) for run in runs
        ]

    def _figure(self, figure: model.FigureRun) -> Any:
        url = urljoin(self.base_url, figure.href) if figure.href else ""
        if not url.startswith(("http://", "https://")):
            return _run(figure.text)
        link = self.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        attributes = {"r:id": link, "w:tooltip": _TOOLTIP, "w:history": "1"}
        return _node("w:hyperlink", attributes, [_run(figure.text, style="Hyperlink")])

    def _check(self, note: model.CheckNote) -> Iterator[Any]:
        """A code and its words side by side between two thin rules, as the 版记 of a paper stands at its end (§7.4)."""
        picture = self.part.new_pic_inline(io.BytesIO(qr.png(note.url)), width=_CODE_SIZE, height=_CODE_SIZE)
        # The text's fixed line height would cut the picture, and its indent push it.
        free = [
            _node("w:spacing", {"w:before": "60", "w:after": "60", "w:line": "240", "w:lineRule": "auto"}),
            _node("w:ind", {"w:firstLine": "0", "w:firstLineChars": "0", "w:left": "0"}),
        ]
        code = _node("w:p", {}, [_node("w:pPr", {}, free), _node("w:r", {}, [_node("w:drawing", {}, [picture])])])
        words = [_paragraph("PaperCell", [_run(line)]) for line in note.lines]
        cells = [_bare_cell(_CODE_WIDTH, [code]), _bare_cell(_TEXT_WIDTH - _CODE_WIDTH, words)]
        edge = {"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": "auto"}
        properties = _node(
            "w:tblPr",
            {},
            [
                _node("w:tblW", {"w:w": str(_TEXT_WIDTH), "w:type": "dxa"}),
                _node("w:jc", {"w:val": "center"}),
                _node("w:tblBorders", {}, [_node("w:top", edge), _node("w:bottom", edge)]),
                _node("w:tblLayout", {"w:type": "fixed"}),
            ],
        )
        grid = _node(
            "w:tblGrid",
            {},
            [_node("w:gridCol", {"w:w": str(width)}) for width in (_CODE_WIDTH, _TEXT_WIDTH - _CODE_WIDTH)],
        )
        yield _paragraph("PaperBody")
        yield _node("w:tbl", {}, [properties, grid, _row(cells)])
        # A table that ends a body must be followed by a paragraph.
        yield _paragraph("PaperCell")

    def _table(self, table: model.Table) -> Iterator[Any]:
        if table.caption:
            yield _paragraph("PaperCaption", [_run(table.caption)])
        widths = _widths(table.columns)
        rows = [
            _row([_cell(w, "PaperCellHead", [_run(c.head)]) for w, c in zip(widths, table.columns, strict=True)], 1)
        ]
        for row in table.rows:
            cells = zip(widths, table.columns, row, strict=True)
            rows.append(_row([_cell(w, "PaperCell", self._runs([run]), right=c.numeric) for w, c, run in cells]))
        properties = _node(
            "w:tblPr",
            {},
            [
                _node("w:tblStyle", {"w:val": "PaperTable"}),
                _node("w:tblW", {"w:w": str(_TEXT_WIDTH), "w:type": "dxa"}),
                _node("w:jc", {"w:val": "center"}),
                _node("w:tblLayout", {"w:type": "fixed"}),
            ],
        )
        grid = _node("w:tblGrid", {}, [_node("w:gridCol", {"w:w": str(width)}) for width in widths])
        yield _node("w:tbl", {}, [properties, grid, *rows])
        yield _paragraph("PaperBody")


def _attachments(note: model.AttachmentNote) -> Iterator[Any]:
    """“附件：” hangs out to the left over the names, which all begin below one another (§7.3.4)."""
    yield _paragraph("PaperBody")
    first, *others = model.attachment_lines(note)
    yield _paragraph("PaperAttachment", [_run("附件：" + first)])
    for line in others:
        yield _paragraph("PaperAttachmentNext", [_run(line)])


def _paragraph(style: str, children: Iterable[Any] = (), *, keep: bool = False, right: bool = False) -> Any:
    properties = _node("w:pPr", {}, [_node("w:pStyle", {"w:val": style})])
    if right:
        properties.append(_node("w:jc", {"w:val": "right"}))
    paragraph = _node("w:p", {}, [properties, *children])
    if keep:
        _keep_with_next(paragraph)
    return paragraph


def _keep_with_next(paragraph: Any) -> None:
    """So that no page holds a signature alone; the mark stands right behind the style, as the schema wants it."""
    paragraph.find(qn("w:pPr")).insert(1, _node("w:keepNext"))


def _make_thin(paragraph: Any) -> None:
    """The empty paragraph that must follow a table takes no line at the end: it would make an empty page of its own."""
    properties = paragraph.find(qn("w:pPr"))
    properties.append(_node("w:snapToGrid", {"w:val": "0"}))
    properties.append(_node("w:spacing", {"w:before": "0", "w:after": "0", "w:line": "20", "w:lineRule": "exact"}))
    properties.append(_node("w:rPr", {}, [_node("w:sz", {"w:val": "2"})]))


def _broken(text: str) -> list[Any]:
    """Runs of a text whose line breaks are kept."""
    first, *others = text.split("\n")
    return [_run(first), *(node for line in others for node in (_node("w:r", {}, [_node("w:br")]), _run(line)))]


def _run(text: str, *, strong: bool = False, style: str = "", size: int = 0) -> Any:
    properties = _node("w:rPr")
    if style:
        properties.append(_node("w:rStyle", {"w:val": style}))
    # Quotation marks and dashes are ambiguous in Unicode: the hint gives them their full-width Chinese form.
    properties.append(_node("w:rFonts", {"w:hint": "eastAsia"}))
    if strong:
        properties.append(_node("w:b"))
    if size:
        properties.extend([_node("w:sz", {"w:val": str(size)}), _node("w:szCs", {"w:val": str(size)})])
    words = _node("w:t", {"xml:space": "preserve"})
    words.text = _NOT_XML.sub("", text)
    return _node("w:r", {}, [properties, words])


def _row(cells: Sequence[Any], head: int = 0) -> Any:
    properties = _node("w:trPr", {}, [_node("w:cantSplit"), *[_node("w:tblHeader")] * head])
    return _node("w:tr", {}, [properties, *cells])


def _cell(width: int, style: str, runs: Iterable[Any], *, right: bool = False) -> Any:
    properties = _node(
        "w:tcPr",
        {},
        [
            _node("w:tcW", {"w:w": str(width), "w:type": "dxa"}),
            _node("w:vAlign", {"w:val": "center"}),
        ],
    )
    return _node("w:tc", {}, [properties, _paragraph(style, runs, right=right)])


def _bare_cell(width: int, paragraphs: Iterable[Any]) -> Any:
    facts = [_node("w:tcW", {"w:w": str(width), "w:type": "dxa"}), _node("w:vAlign", {"w:val": "center"})]
    return _node("w:tc", {}, [_node("w:tcPr", {}, facts), *paragraphs])


def _widths(columns: Sequence[model.Column]) -> list[int]:
    """Widths in twips that add up to the text's."""
    total = sum(column.weight for column in columns)
    widths = [_TEXT_WIDTH * column.weight // total for column in columns]
    widths[-1] += _TEXT_WIDTH - sum(widths)
    return widths


def _masthead(words: str, *, below_mark: bool) -> Any:
    """The red words, their top 35 mm below that of the text, of which a mark above them takes a line (§7.2.4)."""
    paragraph = _paragraph("PaperMasthead", [_run(words, size=_masthead_size(words))])
    if below_mark:
        spacing = {"w:before": str(_MASTHEAD_SPACE - _LINE), "w:line": "240", "w:lineRule": "auto"}
        paragraph.find(qn("w:pPr")).append(_node("w:spacing", spacing))
    return paragraph


def _masthead_size(words: str) -> int:
    smallest, largest = _MASTHEAD_SIZES
    return max(smallest, min(largest, _TEXT_WIDTH // 11 // len(words) // 2 * 2))


def _node(tag: str, attributes: dict[str, str] | None = None, children: Iterable[Any] = ()) -> Any:
    element = OxmlElement(tag, attrs={qn(name): value for name, value in (attributes or {}).items()})
    element.extend(children)
    return element


def _describe(properties: Any, document: model.Document) -> None:
    """Core properties: the paper's and its issuer's, no person's."""
    moment = datetime.combine(document.date, time.min, UTC).replace(tzinfo=None)
    properties.title = _NOT_XML.sub("", document.title.replace("\n", ""))
    properties.author = _NOT_XML.sub("", document.issuer)
    properties.created = properties.modified = moment
    properties.language = "zh-CN"
    properties.revision = 1


def _blank() -> bytes:
    folder = resources.files("xianxue.kernel.documents") / "gbt9704"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, source in _PARTS.items():
            package.writestr(name, (folder / source).read_bytes())
    return stream.getvalue()


def _with_fixed_times(stream: io.BytesIO) -> bytes:
    """The same package without the moment and the system that it was written on."""
    result = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w") as package:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            package.writestr(member, source.read(name))
    return result.getvalue()
