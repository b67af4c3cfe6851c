"""What people of a school do about a major decision, as they click it."""

import io
import re
from collections.abc import Mapping

from docx import Document
from playwright.sync_api import FilePayload, Locator, Page, expect

Fields = Mapping[str, str | bool]
PDF = b"%PDF-1.4\n% a paper of the test\n"


def paper(name: str) -> FilePayload:
    """A scan."""
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def fill(within: Page | Locator, fields: Fields) -> None:
    """Fill in fields by their labels, required or not."""
    for label, value in fields.items():
        put(within.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\*\s*必填)?\s*$")), value)


def put(field: Locator, value: str | bool) -> None:
    """Fill in a field: a tick, a choice by its words, or a text."""
    if value is True:
        field.check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        choose(field, str(value))
    else:
        field.fill(str(value))


def choose(field: Locator, words: str) -> None:
    """Choose the option that reads so, or the one in which these words stand."""
    options = [text.strip() for text in field.locator("option").all_inner_texts()]
    found = [text for text in options if text == words] or [text for text in options if words in text]
    assert len(found) == 1, (words, options)
    field.select_option(label=found[0])


def start(page: Page, procedure: str, step: str, done: str, fields: Fields) -> str:
    """Open a matter with its first step; its address."""
    page.goto(f"/matters/start/{procedure}/{step}/")
    fill(page.locator("main"), fields)
    page.get_by_role("button", name=done, exact=True).click()
    expect(page.get_by_text(f"“{done}”已办理").first).to_be_visible()
    return path_of(page)


def path_of(page: Page) -> str:
    """The address of a page, without the server."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def take(page: Page, matter: str, step: str, fields: Fields | None = None, *, scan: str = "") -> None:
    """Take a step of a matter from its page."""
    page.goto(matter)
    page.get_by_role("link", name=step, exact=True).click()
    fill(page.locator("main"), fields or {})
    if scan:
        page.locator(f"[name=paper_{scan}]").set_input_files(paper("扫描件.pdf"))
    page.get_by_role("button", name=step, exact=True).click()
    expect(page.get_by_text(f"“{step}”已办理").first).to_be_visible()


def offered(page: Page, matter: str) -> list[str]:
    """The steps that the reader may take now."""
    page.goto(matter)
    return page.locator(".next-step a").all_inner_texts()


def record(page: Page, path: str, title: str, fields: Fields) -> None:
    """Fill in a form of the rosters."""
    page.goto(path)
    fill(page.locator("main"), fields)
    page.get_by_role("button", name=title, exact=True).click()
    page.wait_for_url("**/registers/**")


def needs(page: Page) -> dict[str, tuple[str, str, str]]:
    """The requirements of a pre-flight page: label → how it stands, what is said, whose move until when."""
    card = page.locator(".card").filter(has=page.get_by_role("heading", name="会前检查", exact=True))
    found = {}
    for line in card.locator(".need").all():
        parts = [line.locator(f".need-{part}") for part in ("label", "text", "note")]
        label, text, note = (part.inner_text().strip() if part.count() else "" for part in parts)
        found[label] = (line.locator(".need-mark .visually-hidden").inner_text(), text, note)
    return found


def lines_of(content: bytes) -> list[str]:
    """A paper's paragraphs, then the cells of its tables, as a word processor reads them."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [text for text in [*(one.text for one in document.paragraphs), *cells] if text.strip()]
