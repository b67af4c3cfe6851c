"""200 people signed in at once, reading and writing for ten minutes: what the server answers, and how fast.

    python -m bench.load [--postgres] [--users 200] [--minutes 10] [--think 10]

Each person signs in with a password, then does one thing after another with a pause of `think` seconds on average:
lists, searches, pupils' pages, to-do list, cockpit, and one time in ten a change on a pupil's form, read and sent back.
Clients and server share the machine's cores. Target: no errors, p95 ≤ 300 ms on PostgreSQL, ≤ 35 ms of
the processor a request, server and database together.
"""

import argparse
import http.client
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bench import county
from bench.measure import milliseconds, name_tag, processor_seconds
from bench.pages import free_port

PASSWORD = "bench-one-password-for-all"
TARGET = 300
# Of the processor, server and database together, a request.
PROCESSOR = 35
# Weight of each act in a hundred.
ACTS = {"list": 28, "search": 20, "pupil": 25, "todo": 9, "cockpit": 8, "change": 10}


@dataclass
class Person:
    """One person's browser: cookies, and what there is to open."""

    username: str
    port: int
    school: int
    pupils: list[tuple[int, str]]
    dice: random.Random
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """One request on a kept connection: (status, body, where to)."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urllib.parse.urlencode(form) if form is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            # A kept connection that the server closed in the meantime: a browser asks again, once.
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, text, answer.headers.get("Location", "")

    def sign_in(self) -> None:
        """Through the sign-in page, with the password."""
        _status, page, _where = self.ask("GET", "/sign-in/")
        form = fields_of(page) | {"username": self.username, "password": PASSWORD}
        status, page, _where = self.ask("POST", "/sign-in/", form)
        if status != 302:
            raise RuntimeError(f"{self.username} could not sign in: {status}")

    def act(self, name: str) -> list[tuple[str, float, int]]:
        """One act: (what, milliseconds, status) of each of its requests."""
        pupil, label = self.dice.choice(self.pupils)
        paths = {
            "list": self.dice.choice(["/registers/pupils/", "/registers/pupils/?sort=name", "/registers/staff/"]),
            "search": f"/registers/pupils/?q={urllib.parse.quote(label[: self.dice.choice([1, 2, 3])])}",
            "pupil": f"/registers/pupils/{pupil}/",
            "todo": "/todo/",
            "cockpit": "/",
        }
        if name != "change":
            return [self._timed(name, "GET", paths[name])[0]]
        read, page = self._timed("form, read", "GET", f"/registers/pupils/{pupil}/edit/")
        form = fields_of(page) | {"postal_code": f"{self.dice.randrange(336_000, 337_000)}", "confirmed": "1"}
        return [read, self._timed("form, saved", "POST", f"/registers/pupils/{pupil}/edit/", form)[0]]

    def _timed(
        self, what: str, method: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[tuple[str, float, int], str]:
        begin = time.perf_counter()
        status, text, _where = self.ask(method, path, form)
        return (what, (time.perf_counter() - begin) * 1000, status), text


class _Fields(HTMLParser):
    """What a browser would send back of a form: inputs, the chosen options, text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        name = facts.get("name", "")
        if "disabled" in facts:
            return
        if tag == "input" and name and facts.get("type") not in {"checkbox", "radio", "submit", "file"}:
            self.found[name] = facts.get("value", "")
        elif tag == "input" and name and "checked" in facts:
            self.found[name] = facts.get("value", "on")
        elif tag == "select":
            self._select = name
            self.found.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in facts:
            self.found[self._select] = facts.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data


def fields_of(page: str) -> dict[str, str]:
    """The fields of the page's main form, with their values."""
    parser = _Fields()
    parser.feed(page[page.find('<form class="form"') :] if '<form class="form"' in page else page)
    return parser.found


def people(count: int) -> list[tuple[str, int, list[tuple[int, str]]]]:
    """(user name, school, some of its pupils) of registrars at all schools, made where they are missing."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415 - app ready

    from xianxue.accounts.models import Posting, User  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready
    from xianxue.people.models import Enrolment  # noqa: PLC0415 - app ready

    hashed = make_password(PASSWORD)
    with whole_county("bench"):
        open_ones = Enrolment.objects.filter(ended_on=None)
        schools = list(open_ones.order_by().values_list("school_id", flat=True).distinct())
        pupils = {
            school: list(open_ones.filter(school=school).values_list("pk", "person__name")[:200]) for school in schools
        }
        found = []
        for number in range(count):
            school = schools[number % len(schools)]
            user, _made = User.objects.get_or_create(
                username=f"bench{number}", defaults={"name": f"测量{number}", "password": hashed, "is_demo": True}
            )
            User.objects.filter(pk=user.pk).update(password=hashed)
            Posting.objects.get_or_create(
                user=user, role="registrar", unit_id=school, defaults={"started_on": "2020-01-01"}
            )
            found.append((user.username, school, pupils[school]))
    return found


def live(person: Person, think: float, until: float, taken: list[tuple[str, float, int]], faults: list[str]) -> None:
    """One act after another, with pauses, until the time is over."""
    time.sleep(person.dice.uniform(0, think))
    while time.perf_counter() < until:
        name = person.dice.choices(list(ACTS), weights=list(ACTS.values()))[0]
        try:
            taken += person.act(name)
        except Exception as error:  # noqa: BLE001 - a measurement counts what goes wrong, whatever it is
            faults.append(f"{name}: {type(error).__name__}")
        time.sleep(person.dice.uniform(0.5, 1.5) * think)


def measure(given: argparse.Namespace) -> None:
    """Start the server, sign everybody in, let them work, print."""
    known, port = people(given.users), free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "xianxue.config.cli", "serve", "--port", str(port)], stdout=subprocess.DEVNULL
    )
    try:
        crowd = [
            Person(name, port, school, pupils, random.Random(number))
            for number, (name, school, pupils) in enumerate(known)
        ]
        wait_for(port)
        begin = time.perf_counter()
        for person in crowd:
            person.sign_in()
        print(f"{len(crowd)} signed in, {time.perf_counter() - begin:.0f} s one after another")
        taken: list[tuple[str, float, int]] = []
        faults: list[str] = []
        until = time.perf_counter() + given.minutes * 60
        busy = processor_seconds(server.pid, "postgres")
        threads = [threading.Thread(target=live, args=(one, given.think, until, taken, faults)) for one in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        busy = processor_seconds(server.pid, "postgres") - busy
    finally:
        server.terminate()
        server.wait()
    report(taken, faults, given)
    print(f"server and database: {busy * 1000 / len(taken):.1f} ms of the processor a request (target {PROCESSOR} ms)")


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _attempt in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/sign-in/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not come up.")


def report(taken: list[tuple[str, float, int]], faults: list[str], given: argparse.Namespace) -> None:
    """The table by kind of request, then all together."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for what, spent, _status in taken:
        by_kind[what].append(spent)
    for what in sorted(by_kind):
        print(milliseconds(f"{what} ({len(by_kind[what])})", by_kind[what], TARGET))
    every = [spent for _what, spent, _status in taken]
    print(milliseconds(f"all ({len(every)}, {len(every) / given.minutes / 60:.1f}/s)", every, TARGET))
    wrong = Counter(f"{what}: HTTP {status}" for what, _spent, status in taken if status not in {200, 302})
    print(f"errors: {sum(wrong.values()) + len(faults)}", dict(wrong + Counter(faults)) or "")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--users", type=int, default=200)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--think", type=float, default=10)
    given = options.parse_args()
    with county.ready(postgres=given.postgres):
        print(name_tag(), f"load {os.getloadavg()[0]:.1f}", sep="\n")
        print(f"{given.users} people, {given.minutes:g} minutes, pause of {given.think:g} s on average\n")
        measure(given)


if __name__ == "__main__":
    main()
