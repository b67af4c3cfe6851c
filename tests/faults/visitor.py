"""A signed-in person at a real server: opens a page, sends its form as a browser would, reads what it says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection, HTTPMessage

from tests.installation import Installation, ask_server

EDGE = "----a-form-of-the-tests"
Upload = tuple[str, str, bytes]
"""Field, name and content of a file."""


@dataclass(frozen=True)
class Answer:
    """What the server said: status, headers, and the page without its marks."""

    status: int
    headers: HTTPMessage
    page: str

    @property
    def text(self) -> str:
        """What a person reads."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", self.page)))


class Visitor:
    """One of the cast in a browser of their own."""

    def __init__(self, installation: Installation, port: int, part: str) -> None:
        self.port = port
        self.cookies = {"sessionid": installation.known["sessions"][part]}

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends with every request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Referer": "https://localhost/", "X-Forwarded-Proto": "https", "Host": "localhost"}

    def look(self, path: str) -> Answer:
        """Open a page."""
        answer = Answer(*ask_server(self.port, path, headers=self.headers))
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the page's form, as they stand when it is opened."""
        answer = self.look(path)
        assert answer.status == 200, (answer.status, answer.text)
        fields = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", answer.page)]
        return {item["name"]: unescape(item.get("value", "")) for item in fields if item.get("type") == "hidden"}

    def send(self, path: str, fields: Mapping[str, str], files: Sequence[Upload] = ()) -> Answer:
        """Send a form. Raises OSError or HTTPException where the server is gone before it answers."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            kind = f"multipart/form-data; boundary={EDGE}"
            line.request("POST", path, _body(fields, files), {**self.headers, "Content-Type": kind})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            line.close()

    def do(self, path: str, fields: Mapping[str, str] | None = None, files: Sequence[Upload] = ()) -> Answer:
        """Open a page and send its form, filled in."""
        return self.send(path, {**self.form(path), **(fields or {})}, files)


def _body(fields: Mapping[str, str], files: Sequence[Upload]) -> bytes:
    parts = [f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
             for name, text in fields.items()]  # fmt: skip
    for field, name, content in files:
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/pdf\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{EDGE}--\r\n".encode()
