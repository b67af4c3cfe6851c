"""Pages in a real browser: accessibility, narrow screens, keyboard, behaviour with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.kernel.ui.conftest import AXE, OpenPage
from xianxue.kernel.ui.gallery import PAGES

pytestmark = pytest.mark.browser

# A running job asks again for ever, so its page is never at rest.
RESTING = ["gallery", *(name for name in PAGES if name != "job-running")]


# Contrast hangs on the light, and what fits on the width: each page is looked at in one of the two, in turn.
LOOKS = [(1440, False), (360, True)]


@pytest.mark.parametrize(("name", "look"), [(name, LOOKS[turn % 2]) for turn, name in enumerate(RESTING)])
def test_a_page_is_accessible_and_never_wider_than_the_screen(
    open_page: OpenPage, name: str, look: tuple[int, bool]
) -> None:
    width, dark = look
    page = open_page(name, width=width, dark=dark)
    page.evaluate(AXE.read_text(encoding="utf-8") + "; null")
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(r => r.violations)"
    )
    assert [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_menu_of_a_narrow_screen_opens_by_keyboard_and_keeps_it(open_page: OpenPage) -> None:
    page = open_page("table", width=360)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#menu a[aria-current]")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#menu')")
    page.keyboard.press("Escape")
    expect(page.locator(".top-menu")).to_be_focused()
    expect(page.locator("#menu")).to_be_hidden()


def test_ctrl_k_brings_the_search(open_page: OpenPage) -> None:
    page = open_page("table")
    page.keyboard.press("Control+k")
    expect(page.locator("[name=q][data-hotkey-target]")).to_be_focused()


def test_typing_and_choosing_filter_without_a_button_and_keep_the_focus(open_page: OpenPage) -> None:
    page = open_page("table")
    expect(page.locator("[data-auto-submit-button]")).to_be_hidden()
    page.fill("#table-q", "zzx")
    page.wait_for_url(re.compile(r"\?q=zzx&on=2024-09-01$"))
    # The address changes first; what is chosen before the new filters stand there goes with the old ones.
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    expect(page.locator("#table-q")).to_be_focused()
    page.select_option("#table-f-school", "1")
    page.wait_for_url(re.compile(r"school=1"))
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url(re.compile(r"\?page=2$"))
    page.go_back()
    page.wait_for_url(re.compile(r"school=1"))
    expect(page.locator("tbody tr")).to_have_count(11)


def test_chosen_rows_are_counted_and_a_range_is_chosen_with_shift(open_page: OpenPage) -> None:
    page = open_page("table")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()
    page.locator("[data-bulk-one]").nth(1).click()
    page.locator("[data-bulk-one]").nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 4 行")
    page.locator("[data-bulk-all]").click()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 11 行")


def test_theme_and_density_are_kept_on_the_next_page(open_page: OpenPage) -> None:
    page = open_page("table")
    page.click("[data-controller=theme]")
    page.click("[data-controller=density]")
    page.reload()
    assert page.evaluate("({...document.documentElement.dataset})") == {"theme": "dark", "density": "dense"}
    assert page.evaluate("Object.keys(localStorage).sort()") == ["xianxue-density", "xianxue-theme"]


def test_a_drop_down_closes_with_escape_and_with_a_click_elsewhere(open_page: OpenPage) -> None:
    page = open_page("table")
    page.click(".top-user")
    page.keyboard.press("Escape")
    expect(page.locator(".top-user")).to_be_focused()
    expect(page.get_by_role("link", name="我的账号")).to_be_hidden()
    page.click(".top-user")
    page.click("h1")
    expect(page.get_by_role("link", name="我的账号")).to_be_hidden()


def test_charts_are_drawn_in_the_colours_of_the_theme(open_page: OpenPage) -> None:
    page = open_page("cockpit")
    canvas = page.locator("[data-chart-canvas] svg")
    expect(canvas).to_be_visible()
    assert "#3c6590" in canvas.inner_html()
    page.click("[data-controller=theme]")
    expect(canvas).to_be_visible()
    assert "#7ea6d1" in canvas.inner_html()
    expect(page.locator("[data-chart-table] tbody tr")).to_have_count(12)


def test_a_running_job_asks_again(open_page: OpenPage) -> None:
    page = open_page("job-running")
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        pass


def test_without_scripts_the_menu_the_filters_and_the_charts_numbers_are_there(open_page: OpenPage) -> None:
    page = open_page("table", width=360, scripts=False)
    page.click(".top-menu")
    expect(page.locator("#menu").get_by_role("link", name="学生")).to_be_visible()
    page.click("a.side-close")
    page.fill("#table-q", "zzx")
    page.get_by_role("button", name="筛选").click()
    assert "q=zzx" in page.url
    chart = open_page("cockpit", scripts=False)
    expect(chart.locator("[data-chart-table] tbody tr").first).to_be_visible()


@pytest.mark.parametrize("width", [1920, 1280, 700])
def test_heads_and_the_first_column_stay_in_sight(open_page: OpenPage, width: int) -> None:
    page = open_page("table", width=width)
    assert _position(page, "thead th:nth-child(2)") == "sticky"
    assert _position(page, "tbody th") == "sticky"
    fits = page.evaluate("document.querySelector('#table').dataset.fits")
    assert fits == ("yes" if width > 1000 else "no")


def _position(page: Page, selector: str) -> str:
    return str(page.evaluate(f"getComputedStyle(document.querySelector({selector!r})).position"))
