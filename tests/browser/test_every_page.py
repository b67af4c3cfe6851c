"""Every page of every menu, in one look a page (wide and light, or narrow and dark, in turn): accessible, never too wide,
without a complaint, and without a link that leads nowhere.
"""

import html
import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, Violations
from tests.browser.test_signing_in import MENUS

WIDE, NARROW = 1440, 360
MOST = 100  # kinds of addresses that one role meets
ROLES = [username for username in MENUS if not username.endswith("2")]  # whose role another has as well
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
ADDRESS = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
_checked: set[tuple[int, int]] = set()


def _menu(page: Page) -> list[str]:
    """The addresses of all systems of the menu, and of all tabs in each."""
    found: dict[str, None] = {}
    for link in page.locator("#menu li a").all():
        address = link.get_attribute("href") or ""
        _before, _mark, bar = page.request.get(address).text().partition('<div class="system-tabs">')
        found |= dict.fromkeys([address, *map(html.unescape, ADDRESS.findall(bar.partition("<h1")[0]))])
    return list(found)


def _faults(page: Page, violations: Violations, width: int) -> list[str]:
    if page.locator("[data-chart-canvas]").count():
        page.locator("[data-chart-canvas] svg").last.wait_for()
    found = [f"{page.url} at {width}: {fault}" for fault in violations(page)] if _is_new(page, width) else []
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{page.url} is {wide} wide at {width}"] if wide > width else [])


def _is_new(page: Page, width: int) -> bool:
    """Whether no other role has been shown the very same: axe takes its time, and would find the same again."""
    shown = width, hash(TOKEN.sub("", page.locator("main").inner_html()))
    is_new = shown not in _checked
    _checked.add(shown)
    return is_new


@pytest.mark.parametrize("username", ROLES)
def test_a_role_walks_its_menu(sign_in: SignIn, violations: Violations, username: str) -> None:
    page = sign_in(username)
    # What is wide for one role is narrow for the next.
    menu, turn = _menu(page), ROLES.index(username) % 2
    faults, links = [], []
    for width, dark in ((WIDE, False), (NARROW, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        for address in menu[(turn + dark) % 2 :: 2]:
            answer = page.goto(address)
            assert answer
            assert answer.status == 200, address
            faults += _faults(page, violations, width)
            links += ADDRESS.findall(answer.text())
    assert faults == []
    assert _dead(page, menu, ["/imports/", "/account/", *map(html.unescape, links)]) == []


def _dead(page: Page, known_addresses: Iterable[str], waiting: list[str]) -> list[str]:
    """Addresses that do not open, of those linked and of those that their pages link to; one of each kind is tried."""
    dead = []
    known = {_kind(address) for address in known_addresses}
    while waiting and len(known) < MOST:
        address = waiting.pop(0)
        if (kind := _kind(address)) in known:
            continue
        known.add(kind)
        answer = page.request.get(address)
        if answer.status != 200:
            dead.append(f"{answer.status} {address}")
        elif answer.headers["content-type"].startswith("text/html"):
            waiting += [html.unescape(found) for found in ADDRESS.findall(answer.text())]
    return dead


def _kind(address: str) -> str:
    """Addresses of the same kind differ in numbers and values only."""
    path, _mark, query = address.partition("?")
    return re.sub(r"\d+", "N", path) + "?" + "&".join(sorted(part.partition("=")[0] for part in query.split("&")))


DEEPER = {
    "juzhang": [
        "/registers/search/?q=zx",
        "/screen/",
        "/report/?variant=article",
        "/figures/aid_grants/?year=2024",
        "/account/",
    ],
    "xuejiyuan": ["{registers/pupils}", "{registers/pupils}edit/", "{imports}", "/registers/pupils/new/", "/nowhere/"],
    "xiangmu": ["{registers/projects}", "/figures/capital_projects/rows/?year=2024"],
    "zizhu": ["{registers/aid-grants}", "/registers/aid-grants/new/"],
    "anquan": ["{registers/users}", "/users/new/", "/account/password/"],
}


@pytest.mark.parametrize("username", DEEPER)
def test_pages_below_the_menu_are_accessible_and_fit(sign_in: SignIn, violations: Violations, username: str) -> None:
    page = sign_in(username, width=NARROW, dark=True)
    faults = []
    for address in DEEPER[username]:
        if address.startswith("{"):
            listed, _brace, rest = address[1:].partition("}")
            page.goto(f"/{listed}/")
            row = page.locator("tbody th a").first.get_attribute("href")
            page.goto(f"{row}{rest}")
        else:
            page.goto(address)
        faults += _faults(page, violations, NARROW)
    assert faults == []


def test_the_keyboard_skips_to_the_text_searches_and_opens_the_drawer(sign_in: SignIn) -> None:
    page = sign_in("juzhang", width=NARROW)
    page.goto("/registers/schools/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox", name="全局搜索")).to_be_focused()
    page.locator(".top-menu").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu [aria-current=page]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".top-menu")).to_be_focused()
    expect(page.locator("#menu")).to_be_hidden()


def test_the_search_over_everything_answers_while_one_types(sign_in: SignIn) -> None:
    page = sign_in("juzhang")
    page.keyboard.press("Control+k")
    page.keyboard.type("第一小学")
    page.keyboard.press("Enter")
    expect(page.locator("#found").get_by_role("link", name="万载县康乐第一小学", exact=True)).to_be_visible()
