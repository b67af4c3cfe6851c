"""Official papers: what they say (`model`, `template`, `numbers`) and how they look (`docx`, `html`)."""

from xianxue.kernel.documents.docx import CONTENT_TYPE as DOCX_CONTENT_TYPE
from xianxue.kernel.documents.docx import docx_bytes
from xianxue.kernel.documents.html import article, fragment
from xianxue.kernel.documents.model import (
    AttachmentNote,
    Attendees,
    Block,
    CheckNote,
    Column,
    Document,
    FigureRun,
    Heading,
    ListItem,
    Paragraph,
    Run,
    Signature,
    Table,
    Text,
)
from xianxue.kernel.documents.numbers import NO_RECORDS, Format, read_format, written, written_date

__all__ = [
    "DOCX_CONTENT_TYPE",
    "NO_RECORDS",
    "AttachmentNote",
    "Attendees",
    "Block",
    "CheckNote",
    "Column",
    "Document",
    "FigureRun",
    "Format",
    "Heading",
    "ListItem",
    "Paragraph",
    "Run",
    "Signature",
    "Table",
    "Text",
    "article",
    "docx_bytes",
    "fragment",
    "read_format",
    "written",
    "written_date",
]
