"""What a browser without scripts would send back of the form of a whole unit."""

from html.parser import HTMLParser

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


class _Controls(HTMLParser):
    """Names and values of inputs and selects."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.values[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
            self.values[self._select] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given["value"]


def values_in(html: str) -> dict[str, str]:
    """The values of the controls in a piece of a page."""
    controls = _Controls()
    controls.feed(html)
    return controls.values


def form_of(client: Client, href: str) -> dict[str, str]:
    """The whole form, nothing typed."""
    page = client.get(href).context["page"]
    return {"sending": page.sending, **values_in("".join(page.lines))}


def fewest_queries(client: Client, href: str) -> int:
    """The queries of a page that opens, once all that is kept for a while (the frame, whom one is) has been read."""
    counts = []
    for _time in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(href).status_code == 200
        counts.append(len(queries))
    return min(counts)
