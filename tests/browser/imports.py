"""The steps of an import, as a user clicks them."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.workbooks import payload

# Checking and writing is the worker's: on a busy machine it may take its time.
PATIENCE = 90_000


def send(page: Page, **files: bytes) -> None:
    """Send files by their names (without ending) from the page of imports."""
    page.goto("/imports/")
    page.get_by_label(re.compile("把文件拖到")).set_input_files(
        [payload(f"{name}.xlsx", content) for name, content in files.items()]
    )
    page.get_by_role("button", name="发送并检查").click()
    state_becomes(page, "待写入")


def state_becomes(page: Page, state: str) -> None:
    """Wait until the import, or the batch, is in that state."""
    expect(page.locator(".page-head .pill")).to_have_text(state, timeout=PATIENCE)


def counts(page: Page) -> dict[str, str]:
    """The numbers at the head of an import: outcome → rows."""
    lines = [line.inner_text().split() for line in page.locator(".counts > li").all()]
    return {line[0]: line[1] for line in lines}


def problems(page: Page) -> list[list[str]]:
    """The table of problems: what, how many, an example, what to do."""
    return [_texts(row.locator("th, td")) for row in page.locator(".table-problems tbody tr").all()]


def changes(page: Page) -> list[list[str]]:
    """The table of cells to be changed: who, row, column, old, new."""
    rows = page.get_by_role("region", name="将变更的内容").locator("tbody tr")
    return [
        [*_texts(row.locator("th, td"))[:3], _last(row.locator("del")), _last(row.locator("ins"))] for row in rows.all()
    ]


def _texts(cells: Locator) -> list[str]:
    return [" ".join(text.split()) for text in cells.all_inner_texts()]


def _last(cell: Locator) -> str:
    """A value without the words that only a screen reader says before it."""
    return cell.inner_text().split("\n")[-1].strip()


def write(page: Page) -> None:
    """Write the valid rows, and wait until they are written."""
    page.locator(".form-actions .button-primary").click()
    state_becomes(page, "已写入")


def undo(page: Page) -> None:
    """Undo the import shown, and wait until it is undone."""
    page.get_by_role("link", name="撤销这次导入").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("撤销导入")
    page.get_by_role("button", name="撤销这次导入").click()
    state_becomes(page, "已撤销")
