"""A small running county and a real browser, shared by all tests of this folder."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from xianxue.accounts.views.own import DEMO_PASSWORD as PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WAIT_SECONDS = 300
SignIn = Callable[[str], Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a county at one hundredth of its size, made and served by the command that users type."""
    folder = tmp_path_factory.mktemp("county")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XIANXUE_", "DJANGO_"))}
    command = [sys.executable, "-m", "xianxue.config.cli", "demo", "--scale", "0.01", "--serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**kept, "XIANXUE_VAR_DIR": str(folder)}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/sign-in/", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(page: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(page, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"The county was not served within {WAIT_SECONDS} s:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def sign_in(browser: Browser, address: str) -> Iterator[SignIn]:
    """Sign in as one of the cast, in a session of its own; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def enter(username: str, *, width: int = 1440, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        page.goto(f"{address}/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form[method=post] button[type=submit]")
        page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(message: object) -> bool:
    return getattr(message, "type", "") == "error"


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """WCAG 2.1 AA violations that axe-core finds on a page, each with the first element concerned."""

    def check(page: Page) -> list[str]:
        page.evaluate(AXE.read_text() + "; null")
        found = page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(r => r.violations)"
        )
        return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]

    return check
