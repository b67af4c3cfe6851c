"""Nothing escapes by being forgotten: every address is tried somewhere, and closed to those who are not signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.contracts import addresses
from tests.contracts.addresses import ELSEWHERE, ONLY_POSTED, OPEN, PAGES, Address
from tests.contracts.stage import Stage
from xianxue.kernel.ui import menu

every_address = pytest.mark.parametrize("address", addresses.all_addresses(), ids=str)


def test_every_address_is_named_once_and_accounted_for() -> None:
    names = [item.name for item in addresses.all_addresses()]
    known = set(OPEN) | set(PAGES) | ONLY_POSTED | set(ELSEWHERE)
    made = addresses.of_registers()
    assert sorted(name for name in names if names.count(name) > 1) == []
    assert sorted(set(names) - known - made) == [], "add a Page in tests/contracts/addresses.py"
    assert sorted(known - set(names)) == [], "these addresses are gone"
    assert sorted(known & made) == []


@every_address
def test_nobody_gets_anywhere_without_signing_in(address: Address, client: Client, db: None) -> None:
    href = reverse(address.name, kwargs=dict(address.arguments))
    for answer in (client.get(href), client.post(href)):
        if address.name in OPEN:
            assert answer.status_code != 302
        else:
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("sign-in"))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_opens_for_whom_it_is_made_and_is_closed_to_a_stranger(stage: Stage, name: str) -> None:
    page = PAGES[name]
    href = reverse(name, kwargs=dict(page.about(stage)))
    answer = stage.cast.client(page.part).get(href, dict(page.query))
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    strange = stage.cast.client("stranger").get(href, dict(page.query))
    assert strange.status_code in ({200} if name in FOR_EVERYBODY else {302, 403, 404})


# Pages of one's own, the manual, and figures, which count only what is in reach (tests/insight).
FOR_EVERYBODY = {
    "account", "password", "channel-new", "permissions", "search", "import-start", "cockpit", "big-screen", "attention", "figure",
    "factor-enable", "delegate", "api-tokens", "api-token-new", "todo", "todo-started", "todo-units", "procedures",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ONLY_POSTED))
def test_what_changes_something_is_never_a_link(stage: Stage, name: str) -> None:
    found = next(item for item in addresses.all_addresses() if item.name == name)
    href = reverse(name, kwargs=dict(found.arguments))
    assert stage.cast.client("county_officer").get(href).status_code == 405


@pytest.mark.parametrize("code", sorted(entry.code for entry in menu.declared()))
def test_an_entry_of_the_menu_leads_those_who_see_it_to_its_page_and_them_alone(stage: Stage, code: str) -> None:
    entry = next(entry for entry in menu.declared() if entry.code == code)
    readers = stage.one_of_each(lambda part: bool(entry.grant.scope(stage.cast.reach(part))))
    assert True in readers, "nobody of the cast sees it"
    for sees, part in readers.items():
        # Some lead on, such as to one's own school.
        status = stage.cast.client(part).get(entry.href, follow=True).status_code
        assert (status == 200) == (sees or entry.url_name in FOR_EVERYBODY), part


def test_an_address_that_does_not_exist_says_the_same_as_one_out_of_reach(stage: Stage) -> None:
    client = stage.cast.client("other_registrar")
    answers = [client.get("/no/such/page/"), client.get("/registers/users/"), client.get("/registers/pupils/999999/")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
