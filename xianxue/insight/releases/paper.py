"""The released paper as plain values and back, and as the files that leave the house."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.insight import report
from xianxue.kernel.documents import (
    Block,
    CheckNote,
    Document,
    FigureRun,
    Heading,
    Paragraph,
    Run,
    Signature,
    Text,
    article,
    docx_bytes,
)

GROUP = 4


def as_plain(document: Document) -> list[dict[str, Any]]:
    """The blocks of a report as plain values; its title, issuer and date are kept elsewhere."""
    return [_plain_block(block) for block in document.blocks]


def _plain_block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            return {"kind": "paragraph", "runs": [_plain_run(run) for run in block.runs]}
        case Signature():
            return {"kind": "signature"}
    message = f"A report has no {type(block).__name__}."
    raise TypeError(message)


def _plain_run(run: Run) -> dict[str, Any]:
    if isinstance(run, FigureRun):
        return {"figure": run.code, "text": run.text, "href": run.href, "missing": run.missing}
    return {"text": run.text, "strong": run.strong}


def from_plain(content: Mapping[str, Any], on: date) -> Document:
    """The report whose content was kept, dated on the day of its release."""
    blocks = tuple(_block(item) for item in content["document"])
    return Document(title=content["title"], issuer=content["issuer"], date=on, blocks=blocks)


def _block(item: Mapping[str, Any]) -> Block:
    match item["kind"]:
        case "heading":
            return Heading(item["level"], item["text"])
        case "signature":
            return Signature()
    return Paragraph(tuple(_run(run) for run in item["runs"]))


def _run(item: Mapping[str, Any]) -> Run:
    if "figure" in item:
        return FigureRun(item["text"], item["href"], item["figure"], item["missing"])
    return Text(item["text"], strong=item["strong"])


def printed(document: Document) -> dict[str, list[str]]:
    """The words in which each figure stands on the paper, by its code; each wording once."""
    found: dict[str, list[str]] = {}
    for run in _figures(document):
        words = found.setdefault(run.code, [])
        if run.text not in words:
            words.append(run.text)
    return found


def _figures(document: Document) -> Iterator[FigureRun]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from (run for run in block.runs if isinstance(run, FigureRun))


def grouped(short_root: str) -> str:
    """`1a2b 3c4d 5e6f 7081`: as it is printed and read aloud."""
    return " ".join(short_root[at : at + GROUP] for at in range(0, len(short_root), GROUP))


def check_address(number: str, short_root: str) -> str:
    """The full address at which anybody can check the paper."""
    return report.base_url() + reverse("release-check", args=(number, short_root))


def with_check(document: Document, number: str, short_root: str) -> Document:
    """The paper with its number, its short root and the code that leads to the check, at the end."""
    address = check_address(number, short_root)
    entrance = report.base_url() + reverse("release-check-start")
    note = CheckNote(
        address,
        (
            _("发布编号　%(number)s") % {"number": number},
            _("校 验 码　%(root)s") % {"root": grouped(short_root)},
            _("扫码，或打开 %(entrance)s 填写以上两项，即可核对本文件是否原样。") % {"entrance": entrance},
        ),
    )
    return replace(document, blocks=(*document.blocks, note))


def files(document: Document) -> tuple[bytes, bytes]:
    """The paper as .docx and as one HTML file. The same paper gives the same bytes."""
    base = report.base_url()
    return docx_bytes(document, base_url=base), str(article(document)).encode()


def without_links(document: Document) -> Document:
    """The same paper for those who cannot open the pages behind its figures."""
    blocks = tuple(_without_links(block) for block in document.blocks)
    return replace(document, blocks=blocks)


def _without_links(block: Block) -> Block:
    if not isinstance(block, Paragraph):
        return block
    return replace(block, runs=[replace(run, href="") if isinstance(run, FigureRun) else run for run in block.runs])
