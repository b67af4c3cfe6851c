"""Pages of a list: none repeats a row or loses one, from whichever end they are reached."""

import pytest
from django.http import QueryDict

from tests.cast import make_cast
from tests.factories.accounts import UserFactory
from xianxue.kernel import resources
from xianxue.kernel.access import in_reach
from xianxue.kernel.resources import asked, listing

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def users() -> list[str]:
    """130 users, in the order of their names."""
    return sorted(UserFactory(username=f"u{number:03d}").username for number in range(130))


def shown(query: str) -> tuple[list[str], int, int]:
    cast = make_cast()
    with in_reach(cast.reach("security_admin")):
        rows, total, page = listing.page_of(asked.read(resources.get("users"), QueryDict(f"q=u&{query}")))
    return [row.username for row in rows], total, page


def test_pages_follow_one_another(users: list[str]) -> None:
    assert shown("") == (users[:50], 130, 1)


def test_a_page_beyond_the_middle_is_walked_from_the_end_in_the_same_order(users: list[str]) -> None:
    assert shown("page=3") == (users[100:], 130, 3)


def test_a_page_that_does_not_exist_is_the_last_one(users: list[str]) -> None:
    assert shown("page=99")[1:] == (130, 3)


def test_sorting_downwards_turns_the_list_round(users: list[str]) -> None:
    assert shown("sort=-username&page=3")[0] == users[29::-1]


def test_a_page_that_is_no_number_is_the_first(users: list[str]) -> None:
    assert shown("page=zwei")[0] == users[:50]


def test_an_empty_list_has_one_page() -> None:
    assert shown("is_active=0") == ([], 0, 1)
