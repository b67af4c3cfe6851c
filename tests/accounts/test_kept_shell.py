"""The frame of a page is kept between requests: nobody gets another's, and what changes shows on the next page."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import PARTS, Cast, make_cast
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import TermFactory
from xianxue.accounts import services
from xianxue.accounts.models import Posting, SignIn, User
from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.ui import kept
from xianxue.organisations import roles
from xianxue.organisations.models import Unit

pytestmark = pytest.mark.django_db
PAGE = "/permissions/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept.forget()
    yield
    kept.forget()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shell(client: Client, path: str = PAGE) -> str:
    """The page's frame: all but its content, without the token, which is another with each answer."""
    text = client.get(path).content.decode()
    head, _main, rest = text.partition("<main")
    _content, _main, foot = rest.partition("</main>")
    return TOKEN.sub("", head + foot)


def menu(client: Client) -> list[str]:
    """The addresses in the menu."""
    side = shell(client).partition('<nav class="side"')[2].partition("</nav>")[0]
    return re.findall(r'href="(/[^"]*)"', side)


def as_if_never_drawn(client: Client) -> str:
    kept.forget()
    return shell(client)


def test_every_part_gets_what_it_would_have_been_drawn_alone_whoever_came_before(cast: Cast) -> None:
    clients = {part: cast.client(part) for part in PARTS}
    alone = {part: as_if_never_drawn(client) for part, client in clients.items()}
    kept.forget()
    for order in (list(PARTS), list(reversed(PARTS))):
        for part in order:
            assert shell(clients[part]) == alone[part], part
    for part, drawn in alone.items():
        others = {user.name for name, user in cast.users.items() if name != part}
        assert cast.users[part].name in drawn
        assert not [name for name in others if f">{name}<" in drawn], part


def test_two_of_one_role_at_one_school_see_their_own_names(cast: Cast) -> None:
    colleague = UserFactory(name="同事 某")
    PostingFactory(user=colleague, role=roles.REGISTRAR, unit=cast.first_primary.unit)
    first, second = cast.client("registrar"), signed_in(colleague)
    for _twice in range(2):
        assert "同事 某" not in shell(first)
        assert "registrar 某" not in shell(second)
    assert menu(first) == menu(second)


def test_what_is_searched_for_and_the_place_in_the_menu_are_those_of_the_page(cast: Cast) -> None:
    client = cast.client("county_officer")
    asked = shell(client, f"{reverse('search')}?q=%3Cb%3E%E9%92%9F")
    assert 'name="q" value="&lt;b&gt;钟"' in asked
    assert 'name="q" value=""' in shell(client)
    assert shell(client).count('aria-current="page"') == 1
    assert '<a href="/permissions/" aria-current="page">' in shell(client)
    assert '<a href="/permissions/" aria-current="page">' not in shell(client, "/registers/pupils/")
    assert '<a href="/registers/pupils/" aria-current="page">' in shell(client, "/registers/pupils/")


def test_the_token_is_that_of_one_s_own_session(cast: Cast) -> None:
    clients = []
    for part in ("head", "registrar"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.users[part])
        clients.append(client)
    tokens = [TOKEN.findall(client.get(PAGE).content.decode())[0] for client in clients]
    mine, others = clients[0], tokens[1]
    assert mine.post("/sign-out/", {"csrfmiddlewaretoken": others}).status_code == 403
    assert mine.post("/sign-out/", {"csrfmiddlewaretoken": tokens[0]}).status_code == 302


def test_a_new_and_an_ended_posting_show_on_the_next_page(cast: Cast) -> None:
    client = cast.client("stranger")
    before = menu(client)
    assert "/registers/pupils/" not in before
    posting = PostingFactory(user=cast.users["stranger"], role=roles.REGISTRAR, unit=cast.first_primary.unit)
    assert "/registers/pupils/" in menu(client)
    assert str(roles.REGISTRAR.label) in shell(client)
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.filter(pk=posting.pk).update(ended_on=yesterday)
    assert menu(client) == before
    assert str(roles.REGISTRAR.label) not in shell(client)


def test_a_delegation_shows_while_it_lasts(cast: Cast) -> None:
    taker, today = cast.users["class_teacher"], timezone.localdate()
    client, giver = cast.client("class_teacher"), cast.users["head"]
    before = shell(client)
    assert str(roles.HEAD.label) not in before
    delegation = services.delegate(
        giver.postings.get(), taker=taker, started_on=today, ended_on=today, reason="外出培训", by=Actor(giver.pk, "")
    )
    assert str(roles.HEAD.label) in shell(client)
    services.recall_delegation(delegation, by=Actor(giver.pk, giver.name))
    assert shell(client) == before


def test_a_new_name_shows_and_is_never_taken_for_markup(cast: Cast) -> None:
    client = cast.client("head")
    shell(client)
    User.objects.filter(username="head").update(name="<b>何")
    assert "&lt;b&gt;何" in shell(client)
    assert "<b>何" not in shell(client)
    Unit.unguarded.filter(pk=cast.county.pk).update(name="新县")
    assert "新县" in shell(client)
    TermFactory(year__start_year=2030, starts_on=date(2031, 2, 20), ends_on=date(2031, 7, 10))
    assert f"{timezone.localdate().year} 年" in shell(client).replace("\N{NO-BREAK SPACE}", " ")


def test_what_waits_is_counted_anew_with_every_page(cast: Cast) -> None:
    client, other = cast.client("county_officer"), cast.client("head")

    def waits(reader: Client) -> list[str]:
        return re.findall(r'badge-late">(\d+)<span class="visually-hidden">件', shell(reader))

    assert waits(client) == []
    step = next(
        step
        for procedure in all_procedures()
        for step in procedure.steps.values()
        if step.by.scope(cast.reach("county_officer")) and not (step.opens or step.optional or step.not_by)
    )
    day = date(2024, 10, 14)
    matter = Matter.objects.create(
        procedure=step.procedure.code, state=step.states[0], title="办件", opened_on=day, state_since=day
    )
    todo = Todo.objects.create(matter=matter, place=step.at, unit_id=cast.county.pk, since_on=day)
    assert (set(waits(client)), waits(other)) == ({"1"}, [])
    todo.delete()
    assert waits(client) == []


def test_an_ended_session_has_no_frame(cast: Cast) -> None:
    client = cast.client("head")
    SignIn.objects.create(
        user=cast.users["head"], session_key=client.session.session_key or "", last_seen_at=timezone.now()
    )
    assert "head 某" in shell(client)
    SignIn.objects.update(ended_at=timezone.now(), end_reason="ended_elsewhere")
    answer = client.get(PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={PAGE}")
    assert "head 某" not in client.get("/sign-in/").content.decode()


def test_a_switched_off_account_has_none_either(cast: Cast) -> None:
    client = cast.client("head")
    shell(client)
    User.objects.filter(username="head").update(is_active=False)
    assert client.get(PAGE).status_code == 302
