"""Sessions are listed, watched and ended; a stolen one is dead at once."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import make_cast
from tests.factories.accounts import PASSWORD, PostingFactory, UserFactory
from xianxue.accounts import services
from xianxue.accounts.models import AccountNotice, SignIn, User
from xianxue.accounts.services.sign_in import network_of
from xianxue.kernel.access import Actor, system_actor
from xianxue.kernel.commands import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    return found


def signed_in(address: str = "10.2.3.4") -> Client:
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": FIREFOX})
    client.post(reverse("sign-in"), {"username": "zhang", "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def stolen(client: Client) -> Client:
    thief = Client(REMOTE_ADDR="203.0.113.9")
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return thief


def test_a_stolen_session_that_is_ended_is_dead_at_once(user: User) -> None:
    victim, safe = signed_in(), signed_in()
    thief = stolen(victim)
    assert is_in(thief)
    row = SignIn.objects.get(session_key=victim.session.session_key)
    safe.post(reverse("session-end", args=[row.pk]))
    assert (is_in(thief), is_in(victim), is_in(safe)) == (False, False, True)


def test_a_request_under_way_does_not_bring_an_ended_session_back(user: User) -> None:
    victim, safe = signed_in(), signed_in()
    store = SessionStore(victim.session.session_key)
    store["page"] = 1
    safe.post(reverse("sessions-end-others"))
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(session_key=store.session_key).exists()


def test_a_session_row_put_back_from_a_copy_opens_nothing(user: User) -> None:
    victim, safe = signed_in(), signed_in()
    kept = Session.objects.get(session_key=victim.session.session_key)
    safe.post(reverse("sessions-end-others"))
    kept.save(force_insert=True)
    assert not is_in(stolen(victim))


def test_all_others_end_together(user: User) -> None:
    here, *others = [signed_in() for _number in range(4)]
    here.post(reverse("sessions-end-others"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert sorted(SignIn.objects.values_list("end_reason", flat=True)) == ["", *["ended_elsewhere"] * 3]


def test_the_list_says_which_browser_from_where_and_how(user: User) -> None:
    page = signed_in().get(reverse("account"))
    row = page.context["sessions"][0]
    assert (row.agent, row.network, row.way_name) == ("Firefox · Windows", "内网 10.2.3.0/24", "密码")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", "本机"),
        ("10.2.3.4", "内网 10.2.3.0/24"),
        ("8.8.4.4", "外网 8.8.4.0/24"),
        ("2400:3200:1:2::7", "外网 2400:3200:1::/48"),
        ("unknown", ""),
    ],
)
def test_an_address_is_kept_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_session_ends_when_nobody_was_there_for_an_hour(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        for _step in range(3):
            clock.shift(timedelta(minutes=59))
            assert is_in(client)
        clock.shift(timedelta(minutes=60))
        answer = client.get(reverse("account"), follow=True)
        assert [str(one) for one in answer.context["messages"]] == ["60 分钟没有操作，已自动退出。请重新登录。"]
    assert SignIn.objects.get().end_reason == "idle"


def test_a_clock_that_was_set_back_keeps_no_session_alive(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        clock.shift(timedelta(minutes=-5))
        assert is_in(client)
        clock.shift(timedelta(minutes=-1))
        assert not is_in(client)
    assert SignIn.objects.get().end_reason == "idle"


def test_a_session_ends_after_ten_hours_however_busy(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        for _step in range(19):
            clock.shift(timedelta(minutes=30))
            assert is_in(client)
        clock.shift(timedelta(minutes=30))
        assert not is_in(client)
    assert SignIn.objects.get().end_reason == "too_long"


def test_being_seen_is_written_once_a_minute(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in()
        started = SignIn.objects.get().last_seen_at
        assert started is not None
        clock.shift(60)
        is_in(client)
        assert SignIn.objects.get().last_seen_at == started
        clock.shift(1)
        is_in(client)
        assert SignIn.objects.get().last_seen_at == started + timedelta(seconds=61)


def test_one_s_own_new_password_ends_the_others_and_gives_this_one_a_new_key(user: User) -> None:
    here, elsewhere = signed_in(), signed_in()
    thief = stolen(here)
    here.post(
        reverse("password"), {"old": PASSWORD, "new": "a rather long secret 7", "again": "a rather long secret 7"}
    )
    assert (is_in(here), is_in(elsewhere), is_in(thief)) == (True, False, False)
    assert SignIn.objects.get(ended_at=None).session_key == here.session.session_key


def test_a_reset_password_ends_all(user: User) -> None:
    clients = [signed_in(), signed_in()]
    services.reset_password(user, by=system_actor("cli"))
    assert not any(is_in(client) for client in clients)


def test_a_posting_that_ended_yesterday_ends_the_sessions_and_one_that_ends_today_does_not(user: User) -> None:
    today = timezone.localdate()
    first, second = (PostingFactory(user=user, role=role) for role in ("county_officer", "aid_officer"))
    client = signed_in()
    services.end_posting(first, on=today, by=system_actor("cli"))
    assert is_in(client)
    services.end_posting(second, on=today - timedelta(days=1), by=system_actor("cli"))
    assert not is_in(client)
    assert SignIn.objects.get().end_reason == "posting_ended"


def test_the_security_administrator_ends_somebody_s_sessions_and_the_owner_is_told() -> None:
    cast = make_cast()
    UserFactory(username="zhang")
    client = signed_in()
    owner = User.objects.get(username="zhang")
    cast.client("security_admin").post(reverse("user-sessions", args=[owner.pk]))
    assert not is_in(client)
    assert AccountNotice.objects.get(user=owner).text == "security_admin 某结束了您的全部登录。"
    told = Client().post(
        reverse("sign-in"), {"username": "zhang", "password": PASSWORD, "next": "/account/"}, follow=True
    )
    assert "security_admin 某结束了您的全部登录。" in [str(one) for one in told.context["messages"]]
    assert AccountNotice.objects.get(user=owner).seen_at is not None


def test_a_session_is_not_ended_twice(user: User) -> None:
    client = signed_in()
    row = SignIn.objects.get()
    services.end_session(row, by=Actor(user.pk, user.name))
    row.refresh_from_db()
    with pytest.raises(Refused, match=r"已经结束"):
        services.end_session(row, by=Actor(user.pk, user.name))
    assert not is_in(client)


def test_a_key_planted_before_signing_in_is_worth_nothing(user: User) -> None:
    client = Client()
    client.get(reverse("sign-in"))
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted or ""
    client.post(reverse("sign-in"), {"username": "zhang", "password": PASSWORD})
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted or ""
    assert not is_in(thief)
