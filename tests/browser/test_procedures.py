"""What is to be done, what is late, and a matter, on a narrow screen in the dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Violations

NARROW = 360
PAGES = {
    "xueji": ["/todo/", "/todo/started/", "/todo/units/", "/supervision/overdue/", "/procedures/"],
    "xiaozhang2": ["/todo/", "/supervision/overdue/", "/releases/", "/registers/matters/"],
}


def _faults(page: Page, violations: Violations) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{page.url}: {fault}" for fault in violations(page)]
    return found + ([f"{page.url} is {wide} wide"] if wide > NARROW else [])


@pytest.mark.parametrize("username", PAGES)
def test_what_is_to_be_done_and_what_is_late_fit_a_narrow_screen(
    sign_in: SignIn, violations: Violations, username: str
) -> None:
    page = sign_in(username, width=NARROW, dark=True)
    faults = []
    for address in PAGES[username]:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, address
        faults += _faults(page, violations)
    assert faults == []


def test_a_matter_is_opened_from_the_to_do_and_says_who_is_next(sign_in: SignIn, violations: Violations) -> None:
    page = sign_in("xiaozhang2", width=NARROW, dark=True)
    page.goto("/todo/?kind=people.transfer")
    page.locator("main tbody tr").first.get_by_role("link").first.click()
    page.wait_for_url("**/matters/**")
    assert _faults(page, violations) == []
    for heading in ("下一步", "事项", "流程"):
        expect(page.get_by_role("heading", level=2, name=heading, exact=True).first).to_be_visible()
    expect(page.get_by_role("button", name="证据包")).to_be_visible()
    page.get_by_role("link", name="核对无误，同意转出", exact=True).click()
    expect(page.get_by_role("button", name="核对无误，同意转出", exact=True)).to_be_visible()
    assert _faults(page, violations) == []
