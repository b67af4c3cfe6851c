"""What is kept of a frame: by its whole content, with nothing of one page in it, and never more than there is room for."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path
from pytest_django.fixtures import Settings

from tests.kernel.ui import gallery_urls
from xianxue.kernel.ui import frame, kept, menu
from xianxue.kernel.ui.frame import Frame
from xianxue.kernel.ui.kept import Kept
from xianxue.kernel.ui.shell import Shell

urlpatterns = [*gallery_urls.urlpatterns, path("sign-out/", gallery_urls.nothing, name="sign-out")]


@pytest.fixture(autouse=True)
def _own_menu(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(menu, "_tabs", {})
    menu.add("work", "待我办", "account", menu.Everyone(), 1)
    menu.add("work", "督办", "home", menu.Everyone(), 2)
    kept.forget()
    yield
    kept.forget()


def draw(shell: Shell, query: str = "/", token: str = "a token") -> str:
    request = RequestFactory().get(query)
    source = "{% load ui %}" + "".join(f'{{% frame "{part}" %}}' for part in ("head", "top", "menu", "tabs", "foot"))
    return Template(source).render(Context({"shell": shell, "request": request, "csrf_token": token}))


READER = Shell("某县", "易守正", "局长", None, date(2024, 12, 31), counts={"work": 7}, path="/account/")


def test_nothing_of_a_page_is_in_what_is_kept() -> None:
    drawn = draw(READER, "/?q=钟梓轩")
    assert all(text in drawn for text in ("钟梓轩", 'badge-late">7<', 'aria-current="page"', "a token"))
    pieces = "".join(piece for part in frame._parts.values.values() for piece in part)
    assert "易守正" in pieces
    for text in ("钟梓轩", "badge-late", 'aria-current="page"', "a token"):
        assert text not in pieces


def test_a_kept_part_is_drawn_as_the_first_time() -> None:
    first = draw(READER)
    assert draw(READER) == first
    assert len(frame._parts.values) == 5
    kept.forget()
    assert draw(READER) == first


@pytest.mark.parametrize(
    "other",
    [
        Shell("某县", "易守真", "局长", None, date(2024, 12, 31)),
        Shell("某县", "易守正", "校长", None, date(2024, 12, 31)),
        Shell("他县", "易守正", "局长", None, date(2024, 12, 31)),
        Shell("某县", "易守正", "局长", None, date(2025, 12, 31)),
        Shell("某县", "易守正", "局长", None, date(2024, 12, 31), is_demo=True),
        Shell("某县"),
    ],
)
def test_whoever_differs_in_anything_gets_their_own(other: Shell) -> None:
    alone = draw(other)
    kept.forget()
    draw(READER)
    assert draw(other) == alone
    assert draw(other) != draw(READER)


@pytest.mark.parametrize("text", ["<b>", '"><script>', "<0 todo>", "current account", "\N{NO-BREAK SPACE}"])
def test_no_text_is_markup_or_a_mark(text: str) -> None:
    drawn = draw(Shell("某县", text, text, path="/"), f"/?q={text}")
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert not re.search(frame._SECRET, drawn)


def test_what_stands_in_an_answer_is_not_looked_through_for_marks() -> None:
    asked = f"<{frame._SECRET} token>"
    drawn = draw(READER, f"/?q={asked}")
    assert drawn.count('value="a token"') == 1


def test_when_full_all_is_made_again(settings: Settings) -> None:
    few: Kept[int] = Kept(2)
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 1, 3, 1):
        assert few.get(number, partial(make, number)) == number
    assert made == [1, 2, 3, 1]
    settings.DEBUG = True
    assert few.get(9, lambda: make(9)) == few.get(9, lambda: make(9))
    assert made == [1, 2, 3, 1, 9, 9]


def test_an_equal_frame_is_equal_by_all_that_it_shows() -> None:
    assert READER.frame == READER.frame
    assert isinstance(READER.frame, Frame)
    assert READER.frame.menu[0].lines[0].label == "工作台"
