"""Two servers over one database: what each of them keeps of a page's frame is never older than the database."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.installation import Installation, ask_server, free_port, is_ready, until

PAGE = "/permissions/"


@pytest.fixture
def ports(installation: Installation, tmp_path: Path) -> Iterator[tuple[int, int]]:
    folder = tmp_path / "second"
    shutil.copytree(installation.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    second = Installation(folder, installation.url, installation.known)
    both = free_port(), free_port()
    with ExitStack() as stack:
        for each, port in zip((installation, second), both, strict=True):
            stack.enter_context(each.running("serve", "--no-worker", "--port", str(port)))
            until(lambda port=port: is_ready(port), seconds=60)
        yield both


def frame(port: int, session: str) -> tuple[int, str]:
    """Status, and the page without its content and its token."""
    status, _headers, text = ask_server(port, PAGE, headers={"Cookie": f"sessionid={session}"})
    head, _main, rest = text.partition("<main")
    text = head + rest.partition("</main>")[2]
    return status, re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def test_what_changes_shows_on_the_next_page_of_both(installation: Installation, ports: tuple[int, int]) -> None:
    session, other = installation.known["sessions"]["registrar"], installation.known["sessions"]["auditor"]

    def of_both(key: str) -> str:
        drawn = {frame(port, key) for port in ports for _again in range(2)}
        assert len(drawn) == 1, "the two servers show different frames"
        ((status, text),) = drawn
        assert status == 200
        return text

    before = of_both(session)
    assert "/registers/pupils/" in before
    assert "registrar 某" in before
    assert "registrar 某" not in of_both(other)
    user = "(SELECT id FROM accounts_user WHERE username = 'registrar')"
    installation.write(f"UPDATE accounts_user SET name = '改名 某' WHERE id = {user};")
    assert of_both(session) == before.replace("registrar 某", "改名 某")
    installation.write(f"UPDATE accounts_posting SET ended_on = '2020-12-31' WHERE user_id = {user};")
    assert "/registers/pupils/" not in of_both(session)
    installation.write("UPDATE accounts_user SET is_active = NOT is_active WHERE username = 'registrar';")
    assert {frame(port, session)[0] for port in ports} == {302}
