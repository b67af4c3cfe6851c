"""A small running county and a real browser, shared by all tests of this folder."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.databases import migrated

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
WAIT_SECONDS = 300
PASSWORD = "xianxue-demo"  # as the sign-in page of the demonstration prints it
XIANXUE = [sys.executable, "-m", "xianxue.config.cli"]
SignIn = Callable[..., Page]
Violations = Callable[[Page], list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def _settings(folder: Path) -> dict[str, str]:
    """The environment of a demonstration: nothing of the tests' own settings, nor of this machine's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XIANXUE_", "DJANGO_"))}
    return {**kept, "XIANXUE_VAR_DIR": str(folder), "XIANXUE_DEMO": "true", "XIANXUE_WORKERS": "1"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A county at one hundredth of its size, made once by the command that users type; nobody writes to it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "county"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo" / "built.json").exists():
            folder.mkdir(exist_ok=True)
            # The tables, and nothing in them: making them would take as long as the county.
            shutil.copyfile(migrated().removeprefix("sqlite://"), folder / "xianxue.sqlite3")
            command = [*XIANXUE, "demo", "--scale", "0.01"]
            made = subprocess.run(command, env=_settings(folder), capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="session")
def county(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This worker's own copy, so that what one test writes does not meet another worker's tests."""
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("county") / "var"))


@pytest.fixture(scope="session")
def address(county: Path) -> Iterator[str]:
    """Where the county is served."""
    with served(county, free_port()) as found:
        yield found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(county: Path, port: int, **environment: str) -> Iterator[str]:
    """Serve a county for the length of the block; the address is given."""
    log = county / "log"
    with log.open("ab") as output:
        server = subprocess.Popen(
            [*XIANXUE, "serve", "--port", str(port)],
            env={**_settings(county), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/sign-in/", server, log)
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


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[SignIn]:
    """A new visitor's page, nobody signed in; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def arrive(path: str = "/sign-in/", *, width: int = 1440, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=address,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        _listen(page, complaints)
        page.goto(path)
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []


def _listen(page: Page, complaints: list[str]) -> None:
    """Note errors of scripts and of the console; that a page itself is refused (404, 422) is an answer, and none."""
    refused: set[str] = set()
    unplugged = "net::ERR_INTERNET_DISCONNECTED"  # by the test itself

    def answered(response: Response) -> None:
        if response.status >= 400 and response.request.is_navigation_request():
            refused.add(response.url)

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location["url"] not in refused and unplugged not in message.text:
            complaints.append(f"{page.url}: {message.text}")

    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))


@pytest.fixture
def sign_in(visit: SignIn) -> SignIn:
    """Sign in as one of the cast, with the password, in a session of its own."""

    def enter(username: str, *, width: int = 1440, dark: bool = False) -> Page:
        page = visit(width=width, dark=dark)
        give_password(page, username, PASSWORD)
        page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        return page

    return enter


def give_password(page: Page, username: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.fixture
def violations() -> Violations:
    """WCAG 2.1 AA violations that axe-core finds on a page, each with the first element concerned."""

    def check(page: Page) -> list[str]:
        page.evaluate(AXE.read_text() + "; null")
        found = page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(r => r.violations)"
        )
        return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]

    return check
