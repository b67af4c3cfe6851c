"""What minutes have beside other papers: the lines of those who came, and the mark of a paper that is not final."""

from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from xianxue.kernel.documents import Attendees, Document, Paragraph, Text, article, docx_bytes, fragment

PAPER = Document(
    title="第三次会议",
    issuer="清河县渡口管理所",
    date=date(2024, 12, 31),
    masthead="清河县渡口管理所会议纪要",
    mark="草稿",
    blocks=(
        Paragraph([Text("会议决定如下。")]),
        Attendees("出席", ("甲某", "乙某")),
        Attendees("请假", ("丙某（出差）",)),
    ),
)


@pytest.fixture(scope="module")
def file() -> Any:
    return docx.Document(BytesIO(docx_bytes(PAPER)))


def test_names_hang_behind_a_label_in_black_letters(file: Any) -> None:
    line = next(paragraph for paragraph in file.paragraphs if paragraph.text == "出席：甲某、乙某")
    assert line.style.name == "出席人员"
    label, names = line.runs
    fonts = label.style.element.rPr.rFonts
    assert (label.text, fonts.get(qn("w:eastAsia"))) == ("出席", "黑体")
    assert (names.text, names.style.name) == ("：甲某、乙某", "Default Paragraph Font")
    indent = line.style.base_style.element.pPr.find(qn("w:ind"))
    assert (indent.get(qn("w:leftChars")), indent.get(qn("w:hangingChars"))) == ("500", "300")


def test_the_mark_stands_first_and_takes_its_line_from_the_space_above_the_masthead(file: Any) -> None:
    mark, masthead = file.paragraphs[:2]
    assert (mark.text, mark.style.name) == ("草稿", "版头标注")
    before = [
        int(item.find(qn("w:spacing")).get(qn("w:before"))) for item in (masthead._p.pPr, masthead.style.element.pPr)
    ]
    assert before == [1121, 1700]


def test_pages_and_articles_say_the_same() -> None:
    assert '<p class="paper-mark">草稿</p>' in fragment(PAPER)
    assert '<p class="paper-attendees"><strong>请假</strong>：丙某（出差）</p>' in fragment(PAPER)
    assert "草稿　清河县渡口管理所　2024年12月31日" in article(PAPER)
    assert "<strong>请假</strong>：丙某（出差）" in article(PAPER)


def test_a_label_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="two characters"):
        Attendees("出席人员", ())
