"""Another program, as the tests drive it: a token, and requests with it."""

import json
from collections.abc import Collection, Sequence
from itertools import count
from typing import Any

from django.test import Client

from tests.cast import Cast
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.api import scopes as words
from xianxue.kernel.api.models import Token
from xianxue.kernel.api.tokens import issue_token

_keys = count(1)


class Program:
    """A token of one of the cast and what is asked with it."""

    def __init__(self, token: Token, text: str, *, address: str = "127.0.0.1") -> None:
        self.token, self.text = token, text
        self.client = Client(REMOTE_ADDR=address)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        return self._send("post", path, body, key, headers)

    def patch(self, path: str, body: Any, *, seen: str = "*", key: str = "", **headers: str) -> Any:
        return self._send("patch", path, body, key, {"If-Match": seen, **headers})

    def delete(self, path: str, *, key: str = "", **headers: str) -> Any:
        return self._send("delete", path, None, key, headers)

    def _send(self, method: str, path: str, body: Any, key: str, headers: dict[str, str]) -> Any:
        given = {"Idempotency-Key": key or f"test-key-{next(_keys)}", **headers}
        return getattr(self.client, method)(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=self._headers(given)
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}", **more}

    def every_row(self, code: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a register's list, page by page."""
        found, cursor = [], None
        while True:
            asked = {"limit": 2, **(query or {}), **({"cursor": cursor} if cursor else {})}
            page = self.get(f"/registers/{code}", asked)
            assert page.status_code == 200, page.content.decode()
            found += page.json()["rows"]
            cursor = page.json()["next"]
            if cursor is None:
                return found


def program_of(
    cast: Cast,
    part: str,
    scopes: Collection[str] | None = None,
    *,
    units: Sequence[int] = (),
    networks: Sequence[str] = (),
    days: int = 30,
    address: str = "127.0.0.1",
) -> Program:
    """A program with a token of that part; with every scope that the person can give when none is named."""
    user, reach = cast.users[part], cast.reach(part)
    given = words.opened_to(reach) if scopes is None else scopes
    with in_reach(reach):
        token, text = issue_token(
            user,
            name=f"{part} 的系统",
            scopes=given,
            days=days,
            units=units,
            networks=networks,
            by=Actor(user.pk, user.name),
        )
    return Program(token, text, address=address)
