import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.kernel.documents.sample import BASE_URL, paper
from xianxue.kernel.documents import AttachmentNote, Document, FigureRun, Heading, Paragraph, Text, docx_bytes

NEARLY = 700  # EMU: one twip and a little, the unit in which Word keeps lengths


@pytest.fixture(scope="module")
def file() -> Any:
    return docx.Document(io.BytesIO(docx_bytes(paper(), base_url=BASE_URL)))


def _parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def _paragraph(file: Any, start: str) -> Any:
    return next(paragraph for paragraph in file.paragraphs if paragraph.text.startswith(start))


def _font(style: Any) -> tuple[str, str]:
    fonts = style.element.rPr.rFonts
    return fonts.get(qn("w:ascii")), fonts.get(qn("w:eastAsia"))


def test_the_page_is_that_of_the_standard(file: Any) -> None:
    section = file.sections[0]
    assert abs(section.page_width - Mm(210)) < NEARLY
    assert abs(section.page_height - Mm(297)) < NEARLY
    assert abs(section.top_margin - Mm(37)) < NEARLY
    assert abs(section.left_margin - Mm(28)) < NEARLY
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < NEARLY
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < NEARLY


def test_a_page_holds_22_lines_of_28_characters(file: Any) -> None:
    section, normal = file.sections[0], file.styles["Normal"]
    pitch = normal.paragraph_format.line_spacing
    height = section.page_height - section.top_margin - section.bottom_margin
    assert Pt(28) <= pitch <= Pt(29)
    assert height // pitch == 22
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")))
    width = section.page_width - section.left_margin - section.right_margin
    assert width // (normal.font.size + spacing * 635) == 28


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("Normal", "仿宋_GB2312", 16), ("Title", "方正小标宋简体", 22), ("footer", "宋体", 14)],
)
def test_fonts_and_sizes_are_those_of_the_standard(file: Any, style: str, font: str, size: int) -> None:
    assert _font(file.styles[style]) == (font, font)
    assert file.styles[style].font.size == Pt(size)


@pytest.mark.parametrize(("level", "font"), [(1, "黑体"), (2, "楷体_GB2312"), (3, "仿宋_GB2312")])
def test_headings_differ_by_font_and_not_by_weight(file: Any, level: int, font: str) -> None:
    style = file.styles[f"Heading {level}"]
    assert _font(style) == (font, font)
    assert style.font.size is None
    assert style.font.bold is None


def test_every_font_has_a_name_to_fall_back_to(file: Any) -> None:
    parts = _parts(docx_bytes(paper()))
    used = set(re.findall(r'w:eastAsia="([^"]+)"', parts["word/styles.xml"])) - {"zh-CN"}
    table = dict(re.findall(r'<w:font w:name="([^"]+)">\s*<w:altName w:val="([^"]+)"', parts["word/fontTable.xml"]))
    assert used == set(table)


def test_headings_are_numbered_by_their_place(file: Any) -> None:
    headings = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "一、渡运秩序平稳有序"),
        ("Heading 2", "（一）健全检查制度"),
        ("Heading 3", "1. 开船之前"),
        ("Heading 1", "二、下一步打算"),
    ]
    assert next(p.text for p in file.paragraphs if "查看" in p.text).startswith("（1）")


def test_paragraphs_are_indented_by_two_characters_and_the_addressee_is_not(file: Any) -> None:
    indent = file.styles["公文正文"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert _paragraph(file, "现将").style.name == "公文正文"
    assert _paragraph(file, "县人民政府").style.name == "主送机关"
    assert file.styles["主送机关"].element.pPr is None


def test_a_figure_links_to_its_lineage_with_a_dotted_underline(file: Any) -> None:
    links = [(link.text, link.url) for paragraph in file.paragraphs for link in paragraph.hyperlinks]
    assert links == [
        ("1,204艘", f"{BASE_URL}/figures/boats/"),
        ("3,300余万元", f"{BASE_URL}/figures/loads/"),
        ("尚无记录", f"{BASE_URL}/figures/nets/"),
    ]
    run = file.paragraphs[5].hyperlinks[0].runs[0]
    assert run.style.name == "Hyperlink"
    assert run.style.element.rPr.find(qn("w:u")).get(qn("w:val")) == "dotted"
    assert run.style.font.color.rgb is None


def test_without_an_address_figures_are_words() -> None:
    file = docx.Document(io.BytesIO(docx_bytes(paper())))
    assert [link for paragraph in file.paragraphs for link in paragraph.hyperlinks] == []
    assert "1,204艘" in "".join(paragraph.text for paragraph in file.paragraphs)


def test_every_run_is_marked_as_chinese(file: Any) -> None:
    runs = list(file.element.body.iter(qn("w:r")))
    words = [run for run in runs if run.find(qn("w:t")) is not None]
    assert {run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:hint")) for run in words} == {"eastAsia"}
    assert 'w:eastAsia="zh-CN"' in _parts(docx_bytes(paper()))["word/styles.xml"]


def test_page_numbers_stand_outside_on_both_sides() -> None:
    parts = _parts(docx_bytes(paper()))
    assert "<w:evenAndOddHeaders/>" in parts["word/settings.xml"]
    for name, side in (("word/footer1.xml", "right"), ("word/footer2.xml", "left")):
        assert f'<w:jc w:val="{side}"/>' in parts[name]
        assert f'w:{side}Chars="100"' in parts[name]
        assert "".join(re.findall(r"<w:(?:t|instrText)[^>]*>([^<]*)<", parts[name])) == "—  PAGE 1 —"


def test_signature_and_date_stand_right_and_stay_together(file: Any) -> None:
    issuer, day = file.paragraphs[-2:]
    assert (issuer.text, day.text) == ("清河县渡口管理所", "2024年12月31日")
    for paragraph, characters in ((issuer, "200"), (day, "400")):
        assert paragraph.style.element.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == characters
    assert issuer.style.paragraph_format.keep_with_next
    assert [paragraph.paragraph_format.keep_with_next for paragraph in file.paragraphs[-5:-2]] == [True, True, True]


def test_a_table_repeats_its_head_and_fills_the_width(file: Any) -> None:
    table = file.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [
        ["渡口", "渡船", "备注"],
        ["上游渡口", "1,204艘", "汛期每日报告"],
        ["下游渡口", "尚无记录", "<待修>"],
    ]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, False, False]
    assert sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) == 8844


def test_attachments_are_numbered_and_a_single_one_is_not(file: Any) -> None:
    assert [p.text for p in file.paragraphs if p.style.name.startswith("附件说明")] == [
        "附件：1. 渡船登记表",
        "2. 停航记录汇总及有关说明材料",
    ]


def test_a_masthead_and_a_number_stand_above_the_title() -> None:
    content = docx_bytes(paper(masthead="清河县渡口管理所文件", doc_number="清渡〔2024〕7号"))
    file: Any = docx.Document(io.BytesIO(content))
    words = [(p.style.name, p.text) for p in file.paragraphs if p.text][:3]
    assert words == [
        ("发文机关标志", "清河县渡口管理所文件"),
        ("发文字号", "清渡〔2024〕7号"),
        ("Title", "清河县渡口管理所关于\n年度渡运工作情况的报告"),
    ]
    assert "FF0000" in _parts(content)["word/styles.xml"]


def test_without_a_masthead_the_number_stands_below_the_title() -> None:
    file: Any = docx.Document(io.BytesIO(docx_bytes(paper(doc_number="清渡〔2024〕7号"))))
    assert [p.style.name for p in file.paragraphs[:2]] == ["Title", "发文字号"]
    assert file.paragraphs[1].text == "清渡〔2024〕7号"


def test_a_single_attachment_has_no_number() -> None:
    blocks = [AttachmentNote(["渡船登记表"])]
    file = docx.Document(io.BytesIO(docx_bytes(Document("题", "关", paper().date, blocks))))
    assert file.paragraphs[-1].text == "附件：渡船登记表"


def test_strong_words_are_bold(file: Any) -> None:
    assert [run.text for paragraph in file.paragraphs for run in paragraph.runs if run.bold] == ["渔网"]


def test_properties_name_the_paper_and_no_person(file: Any) -> None:
    properties = file.core_properties
    assert properties.title == "清河县渡口管理所关于年度渡运工作情况的报告"
    assert properties.author == "清河县渡口管理所"
    assert properties.language == "zh-CN"
    assert properties.last_modified_by == properties.comments == properties.keywords == ""
    assert properties.created == properties.modified == datetime(2024, 12, 31, tzinfo=UTC)


def test_the_same_paper_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = docx_bytes(paper(), base_url=BASE_URL)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert docx_bytes(paper(), base_url=BASE_URL) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_xml_cannot_hold_is_left_out() -> None:
    odd = Document("题\x00目", "机\x0b关", paper().date, [Paragraph([Text("一\x1f二\ud800三<&>")])])
    file = docx.Document(io.BytesIO(docx_bytes(odd)))
    assert file.paragraphs[-1].text == "一二三<&>"
    assert file.core_properties.author == "机关"


def test_eleven_headings_are_numbered_in_han() -> None:
    blocks = [Heading(1, "渡口") for _ in range(11)]
    file = docx.Document(io.BytesIO(docx_bytes(Document("题", "关", paper().date, blocks))))
    assert file.paragraphs[-1].text == "十一、渡口"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "//elsewhere.example/", "figures/boats/", "file:///etc/passwd"]
)
def test_a_figure_opens_nothing_but_a_page(href: str) -> None:
    with pytest.raises(ValueError, match="address"):
        FigureRun("1艘", href, "boats")
