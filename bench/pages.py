"""Register pages, search and cockpit over 80,000 pupils: server time for one client, then 20 requests a second.

    python -m bench.pages [--runs 200] [--seconds 20] [--postgres]

Targets (median for one client): a page with nothing but the shell ≤ 5 ms, list of 50 ≤ 25 ms, search ≤ 15 ms,
detail ≤ 20 ms, cockpit ≤ 40 ms; at 20 requests/s ≤ 100 ms (p95). Beside the time on the clock stands the processor's,
which other programs of the machine disturb less, and the floor: what the same rows take with Django alone.
"""

import argparse
import http.client
import http.cookiejar
import itertools
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence

from bench import county
from bench.measure import milliseconds, name_tag, percentile, timed_twice

PAGES = {
    # Django alone: what no framework of ours can go below. They have no target.
    "floor: nothing": ("/bench/nothing/", 0),
    "floor: 50 rows": ("/bench/rows/", 0),
    "floor: one row": ("/bench/row/{pupil}/", 0),
    "shell alone": ("/bench/shell/", 5),
    "own account": ("/account/", 5),
    "list of 50": ("/registers/pupils/", 25),
    "list of 50, one school": ("/registers/pupils/?school={school}", 25),
    "list of 50, sorted by name": ("/registers/pupils/?sort=name", 35),
    "list, page 800": ("/registers/pupils/?page=800", 35),
    "search, initials": ("/registers/pupils/?q=lzx", 15),
    "search, full name": ("/registers/pupils/?q={name}", 15),
    "search, one character": ("/registers/pupils/?q={character}", 15),
    "search, exact number": ("/registers/pupils/?q={number}", 15),
    "detail": ("/registers/pupils/{pupil}/", 20),
    "cockpit": ("/", 40),
}
FLOOR = [name for name in PAGES if name.startswith("floor")]
# Of the application itself; the others are answered by `bench.floor` and are not there for the server under load.
OURS = [name for name, (path, _target) in PAGES.items() if not path.startswith("/bench/")]


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
        under_load([pages[name][0] for name in OURS], rate=20, seconds=given.seconds)


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
    from django.test import Client, override_settings  # noqa: PLC0415 - app ready

    from bench.floor import DJANGO_S_OWN  # noqa: PLC0415 - app ready
    from xianxue.accounts.models import User  # noqa: PLC0415 - app ready

    officer = User.objects.filter(is_demo=True, postings__role="county_officer").first()
    for name, (path, target) in pages.items():
        with override_settings(ROOT_URLCONF="bench.floor", **({"MIDDLEWARE": DJANGO_S_OWN} if name in FLOOR else {})):
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(officer)
            connection.force_debug_cursor = True
            reset_queries()
            answer = client.get(path)
            queries = len(connection.queries)
            connection.force_debug_cursor = False
            if answer.status_code != 200:
                print(f"{name:32} HTTP {answer.status_code}")
                continue
            clock, processor = timed_twice(lambda path=path, client=client: client.get(path), warm=10, runs=runs)
            print(line(name, clock, processor, target), f" {queries:3} queries")


def line(name: str, clock: Sequence[float], processor: Sequence[float], target: float) -> str:
    """One row: medians on the clock and of the processor, p95, and whether the processor's median is within the target."""
    middle = statistics.median(processor)
    judged = f"target {target:4.0f} ms  {'ok' if middle <= target else 'MISSED':6}" if target else ""
    times = f"p50 {statistics.median(clock):6.1f} ms  p95 {percentile(clock, 0.95):6.1f} ms  processor {middle:6.1f} ms"
    return f"{name:28} {times}  {judged:24}"


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
