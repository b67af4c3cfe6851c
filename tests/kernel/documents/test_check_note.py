"""A paper that can be checked ends with a code and its words, in every form of the paper."""

from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from xianxue.kernel.documents import CheckNote, Document, Signature, article, docx_bytes, fragment, qr

ADDRESS = "https://xianxue.example.gov.cn/check/release/2024-1/5a06338542bb0813/"
PAPER = Document(
    "报告", "某县教育局", date(2025, 1, 5), (Signature(), CheckNote(ADDRESS, ("发布编号　2024-1", "扫码核对")))
)


def test_the_official_paper_holds_the_code_and_the_words_side_by_side() -> None:
    paper = docx.Document(BytesIO(docx_bytes(PAPER)))
    (table,) = paper.tables
    assert table.rows[0].cells[1].text == "发布编号　2024-1\n扫码核对"
    (picture,) = paper.inline_shapes
    assert (round(picture.width.mm), round(picture.height.mm)) == (28, 28)
    image = paper.part.related_parts[picture._inline.graphic.graphicData.pic.blipFill.blip.embed]
    assert image.blob == qr.png(ADDRESS)


def test_the_codes_line_is_as_high_as_the_code() -> None:
    """The text's lines have a fixed height, by which Word would cut the picture off."""
    paper = docx.Document(BytesIO(docx_bytes(PAPER)))
    (paragraph,) = paper.tables[0].rows[0].cells[0].paragraphs
    assert paragraph._p.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "auto"


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert docx_bytes(PAPER) == docx_bytes(PAPER)


def test_the_page_and_the_article_carry_the_code_without_fetching_it() -> None:
    for html in (fragment(PAPER), article(PAPER)):
        assert f'src="{qr.data_address(ADDRESS)}"' in html
        assert "扫码核对" in html


@pytest.mark.parametrize("url", ["/check/", "javascript:alert(1)", ""])
def test_a_code_leads_to_a_full_address_only(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        CheckNote(url, ())
