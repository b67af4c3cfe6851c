"""The yearly report, as the bureau's office writes it."""

import io
import re

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.workbooks import download


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The officer's browser, at the report of 2024."""
    page = sign_in("xueji")
    page.goto("/report/?year=2024")
    return page


def sentence_with(page: Page, words: str) -> Locator:
    return page.locator(".sentence").filter(has_text=words)


def edit(sentence: Locator) -> None:
    """Open the form by keyboard: the pencil shows itself to a mouse only."""
    sentence.get_by_role("link", name="修改这一句").press("Enter")


def figures(page: Page) -> list[str]:
    return page.locator(".report a.opens").all_inner_texts()


def test_words_may_change_and_figures_may_not(page: Page) -> None:
    before = figures(page)
    edit(sentence_with(page, "资助学生"))
    text = page.get_by_label("文字")
    written = text.input_value()
    assert re.findall(r"\{[^}]+\}", written) == ["{学生资助人次}", "{学生资助金额}"]
    text.fill(written.replace("{学生资助人次}", "三万人次"))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "未能保存：句中的数字 {学生资助人次} 被删去或改动。数字由记录算出，只能移动位置；请恢复原样。"
    )
    text.fill(written.replace("落实学生资助政策", "不让一名学生因家庭困难失学"))
    page.get_by_role("button", name="保存").click()
    changed = sentence_with(page, "不让一名学生因家庭困难失学")
    expect(changed).to_be_visible()
    assert figures(page) == before
    edit(changed)
    text.fill("")
    page.get_by_role("button", name="保存").click()
    expect(sentence_with(page, "落实学生资助政策")).to_be_visible()


def test_a_figure_of_the_report_opens_where_it_comes_from(page: Page) -> None:
    figure = sentence_with(page, "资助学生").locator("a.opens").first
    told = re.sub(r"\D", "", figure.inner_text())
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("学生资助人次")
    assert re.sub(r"\D", "", page.locator(".value-number").inner_text()) == told


def test_the_paper_has_the_figures_of_the_page_and_leads_to_their_source(page: Page) -> None:
    told = figures(page)
    links = [link.get_attribute("href") for link in page.locator(".report a.opens").all()]
    name, content = download(page, page.get_by_role("link", name="下载公文"))
    assert name.endswith("2024年工作报告.docx")
    paper = Document(io.BytesIO(content))
    linked = [link for paragraph in paper.paragraphs for link in paragraph.hyperlinks]
    assert [link.text for link in linked] == told
    targets = [re.sub(r"^https?://[^/]+", "", link.address) for link in linked]
    assert targets == links
    assert "".join(told) in "".join(link.text for link in linked)
    assert any(part.reltype == RELATIONSHIP_TYPE.HYPERLINK for part in paper.part.rels.values())


def test_the_article_is_one_file_that_needs_nothing_else(page: Page) -> None:
    page.get_by_role("link", name="公众号文章").click()
    told = page.locator(".report a.opens").all_inner_texts()
    name, content = download(page, page.get_by_role("link", name="下载文章"))
    html = content.decode()
    assert name.endswith("2024年.html")
    assert re.findall(r"<(?:script|link|img|iframe)\b|\bsrc=|@import|url\(", html) == []
    words = re.sub(r"<[^>]+>", "", html)
    assert [text for text in told if text not in words] == []


def test_who_may_read_the_report_but_not_write_it_has_no_pencils(sign_in: SignIn) -> None:
    page = sign_in("shenji")
    page.goto("/report/?year=2024")
    expect(page.locator(".report .sentence").first).to_be_visible()
    expect(page.get_by_role("link", name="修改这一句")).to_have_count(0)
