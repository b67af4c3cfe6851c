"""Register pages, search and cockpit over 80,000 pupils: server time for one client, then 20 requests a second.

    python -m bench.pages [--runs 200] [--seconds 20] [--postgres]

Targets (p95): list of 50 ≤ 50 ms, search ≤ 30 ms, detail ≤ 40 ms; at 20 requests/s ≤ 100 ms; cockpit ≤ 300 ms warm.
"""

import argparse
import http.client
import http.cookiejar
import itertools
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence

from bench import county
from bench.measure import milliseconds, name_tag, timed

PAGES = {
    "list of 50": ("/registers/pupils/", 50),
    "list of 50, one school": ("/registers/pupils/?school={school}", 50),
    "list of 50, sorted by name": ("/registers/pupils/?sort=name", 50),
    "list, page 800": ("/registers/pupils/?page=800", 50),
    "search, initials": ("/registers/pupils/?q=lzx", 30),
    "search, full name": ("/registers/pupils/?q={name}", 30),
    "search, one character": ("/registers/pupils/?q={character}", 30),
    "search, exact number": ("/registers/pupils/?q={number}", 30),
    "detail": ("/registers/pupils/{pupil}/", 40),
    "cockpit": ("/", 300),
}


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--postgres", action="store_true")
    given = options.parse_args()
    with county.ready(postgres=given.postgres):
        print(name_tag(), f"load {os.getloadavg()[0]:.1f}", sep="\n")
        facts = sample()
        pages = {name: (path.format(**facts), target) for name, (path, target) in PAGES.items()}
        in_process(pages, runs=given.runs)
        under_load([path for path, _target in pages.values()], rate=20, seconds=given.seconds)


def sample() -> dict[str, str]:
    """A pupil from the middle of the register, with what one would search by."""
    from django.db import connection  # noqa: PLC0415 - app ready

    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready
    from xianxue.people.models import Enrolment, Identifier  # noqa: PLC0415 - app ready

    with whole_county("bench"):
        pupils = Enrolment.objects.order_by("pk")
        count = pupils.count()
        pupil = pupils.select_related("person")[count // 2]
        number = Identifier.objects.filter(person=pupil.person, kind="student_no").first()
    print(f"{connection.vendor}, {count} enrolments\n")
    name = urllib.parse.quote(pupil.person.name)
    return {
        "school": str(pupil.school_id),
        "pupil": str(pupil.pk),
        "name": name,
        "character": urllib.parse.quote(pupil.person.name[-1]),
        "number": number.value if number else "",
    }


def in_process(pages: dict[str, tuple[str, int]], *, runs: int) -> None:
    """Server time: the whole application without the network."""
    from django.db import connection, reset_queries  # noqa: PLC0415 - app ready
    from django.test import Client  # noqa: PLC0415 - app ready

    from xianxue.accounts.models import User  # noqa: PLC0415 - app ready

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.filter(is_demo=True, postings__role="county_officer").first())
    for name, (path, target) in pages.items():
        connection.force_debug_cursor = True
        reset_queries()
        answer = client.get(path)
        queries = len(connection.queries)
        connection.force_debug_cursor = False
        if answer.status_code != 200:
            print(f"{name:44} HTTP {answer.status_code}")
            continue
        print(
            milliseconds(name, timed(lambda path=path: client.get(path), warm=10, runs=runs), target),
            f" {queries} queries",
        )


def under_load(paths: Sequence[str], *, rate: int, seconds: int) -> None:
    """Latency as a client sees it, with requests started at a fixed rate whether or not earlier ones are done."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "xianxue.config.cli", "serve", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        cookie = sign_in(port)
        taken: list[float] = []
        failed: list[int] = []
        threads = []
        start = time.perf_counter()
        for number, path in zip(range(rate * seconds), itertools.cycle(paths), strict=False):
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            thread = threading.Thread(target=fetch, args=(port, path, cookie, due, taken, failed))
            thread.start()
            threads.append(thread)
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait()
    print()
    print(milliseconds(f"{rate} requests/s for {seconds} s, all pages", taken, 100), f" {len(failed)} failed")


def fetch(port: int, path: str, cookie: str, due: float, taken: list[float], failed: list[int]) -> None:
    """One request; its time counts from when it was due, so that a queue is not hidden."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    taken.append((time.perf_counter() - due) * 1000)
    if answer.status != 200:
        failed.append(answer.status)


def sign_in(port: int) -> str:
    """The cookie of a session of the demonstration's county officer."""
    from xianxue.accounts.models import User  # noqa: PLC0415 - app ready
    from xianxue.accounts.views.door import DEMO_PASSWORD as PASSWORD  # noqa: PLC0415 - app ready

    user = User.objects.filter(is_demo=True, postings__role="county_officer").first()
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/sign-in/"
    for _attempt in range(100):
        try:
            page = opener.open(address).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    form = {"csrfmiddlewaretoken": token, "username": user.username, "password": PASSWORD}
    opener.open(urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address}))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
