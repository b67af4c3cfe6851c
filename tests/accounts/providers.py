"""Identity providers that the tests start on this machine: a real one, and one that lies in the way a test asks for."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import Key, RSAKey

Claims = dict[str, Any]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def real_provider() -> Iterator[str]:
    """The address of oidc-provider-mock, a program of its own that others test with; requires nonces."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XIANXUE_")}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            yield _awaited(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _awaited(issuer: str) -> str:
    for _number in range(150):
        try:
            with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=2):
                return issuer
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(issuer)


def signed_in_at_real_provider(address: str, subject: str) -> str:
    """What a person does there: fill the form in; returns the query with which the browser is sent back."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
            return None

    opener = urllib.request.build_opener(Stay)
    try:
        opener.open(address, urlencode({"sub": subject}).encode(), timeout=5)
    except urllib.error.HTTPError as answer:
        with answer:
            return urlsplit(answer.headers["Location"]).query
    raise AssertionError("the provider sent nobody back")


@dataclass
class CrookedProvider:
    """A provider whose tokens are as the test wants them; straight unless told otherwise.

    `twist` changes the claims, `sign` makes the token of them, `keys` are those that it publishes.
    """

    issuer: str = ""
    client_id: str = "xianxue"
    subject: str = "sub-1"
    claims: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    twist: Callable[[Claims], Claims] = lambda claims: claims
    key: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}))
    sign: Callable[["CrookedProvider", Claims], str] | None = None
    published: list[Claims] | None = None
    status: int = 200
    body: bytes | None = None
    codes: dict[str, Claims] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def visit(self, address: str) -> dict[str, str]:
        """A person signs in there; returns what the browser is sent back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, Claims]:
        request = self.codes.pop(form["code"], None)
        if request is None:
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != request["code_challenge"] or form["redirect_uri"] != request["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims: Claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": self.subject,
            "exp": now + 300,
            "iat": now,
            "nonce": request["nonce"],
            **self.claims,
        }
        claims = self.twist(claims)
        sign = self.sign or CrookedProvider.straight
        return 200, {"access_token": "token", "token_type": "Bearer", "id_token": sign(self, claims)}

    def straight(self, claims: Claims) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "end_session_endpoint": f"{self.issuer}/logout",
            }
        if path == "/keys":
            return 200, {"keys": self.published if self.published is not None else [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return 200, self.userinfo
        return self.token(form) if path == "/token" else (404, {})


@contextmanager
def crooked_provider() -> Iterator[CrookedProvider]:
    """A CrookedProvider that answers on the loopback while the block runs."""
    provider = CrookedProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            provider.asked.append(self.path)
            status, content = provider.answer(self.path, form) if provider.status == 200 else (provider.status, {})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(provider.body if provider.body is not None else json.dumps(content).encode())

        def log_message(self, *_args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
