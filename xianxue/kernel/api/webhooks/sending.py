"""One notice over the wire: signed, to the address that was looked up, without following anybody elsewhere."""

import base64
import hmac
import http.client
import json
import secrets
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xianxue.kernel.api.webhooks.guard import Target

# Seconds for the whole exchange, and for each wait within it.
WHOLE, EACH = 15.0, 10.0
MARK = "whsec_"
AGENT = "xianxue-webhooks/1"


@dataclass(frozen=True)
class Outcome:
    """What came of it: whether the receiver has it, whether it wants no more, and in a few words why not."""

    is_received: bool
    is_gone: bool = False
    note: str = ""
    body: bytes = b""


def new_secret() -> str:
    """A secret to sign with, as Standard Webhooks writes it."""
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,…`: HMAC-SHA256 over id, time and body (the scheme of Standard Webhooks)."""
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers_of(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a notice."""
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }


def body_of(content: Mapping[str, Any]) -> bytes:
    """The bytes of a notice: the same at every attempt."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked up, in the name of the host."""

    def __init__(self, target: Target, context: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=EACH)
        self._target, self._context = target, context

    def connect(self) -> None:
        sock = socket.create_connection((self._target.address, self._target.port), timeout=EACH)
        self.sock = self._context.wrap_socket(sock, server_hostname=self._target.host) if self._context else sock

    def cut(self) -> None:
        """End the exchange from another thread, however slowly the receiver drips."""
        if self.sock is not None:
            self.sock.close() if self.sock.fileno() < 0 else self.sock.shutdown(socket.SHUT_RDWR)


def post(target: Target, body: bytes, headers: Mapping[str, str], *, most: int = 0) -> Outcome:
    """Send one notice. Never raises for what the receiver or the network does; 2xx alone counts as received.

    Of the answer's body at most so many bytes are read.
    """
    context = ssl.create_default_context() if target.scheme == "https" else None
    connection = _Pinned(target, context)
    clock = threading.Timer(WHOLE, _cut, (connection,))
    clock.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        answer = connection.getresponse()
        status, answered = answer.status, answer.read(most) if most else b""
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(is_received=False, note=type(error).__name__)
    finally:
        clock.cancel()
        connection.close()
    return Outcome(200 <= status < 300, status == http.client.GONE, f"HTTP {status}", answered)


def _cut(connection: _Pinned) -> None:
    try:
        connection.cut()
    except OSError:
        return
