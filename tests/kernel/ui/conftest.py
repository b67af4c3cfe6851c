"""The gallery served on this machine and a real browser, for the tests of behaviour."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[3]
AXE = ROOT / "tests/vendor/axe.min.js"
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def gallery_address() -> Iterator[str]:
    """The address of a site that has the gallery and nothing else."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XIANXUE_", "DJANGO_"))}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.ui.serve_gallery", str(port)],
        cwd=ROOT,
        env=kept,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/", server)
        yield f"http://127.0.0.1:{port}/ui/"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(page: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None
        try:
            with urllib.request.urlopen(page, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("The gallery was not served within 60 s.")


@pytest.fixture
def open_page(chromium: Browser, gallery_address: str) -> Iterator[OpenPage]:
    """Open a page of the gallery; what the browser complains of (the policy included) fails the test."""
    contexts, complaints = [], []

    def enter(name: str, *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
        page.goto(gallery_address + (f"{name}/" if name != "gallery" else ""))
        if scripts and page.locator("[data-chart-canvas]").count():
            page.wait_for_selector("[data-chart-canvas] svg")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []
