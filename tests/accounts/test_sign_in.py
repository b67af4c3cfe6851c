from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse

from tests.cast import make_cast
from tests.factories.accounts import PASSWORD, PostingFactory, UserFactory
from xianxue.accounts.models import AccountRequest, SignIn, SignInFailure, User
from xianxue.accounts.services import Locked, attempt

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOON = datetime(2024, 10, 15, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WRONG = "未能登录：用户名或密码不正确。请核对后重试。"
HERE, THERE = "192.0.2.1", "192.0.2.2"
SIGN_IN = {"username": "zhang", "password": PASSWORD, "next": "/account/"}


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    return found


def test_the_right_password_signs_in(user: User) -> None:
    assert attempt("zhang", PASSWORD, HERE) == user
    assert SignInFailure.objects.count() == 0


def test_a_name_is_locked_after_five_failures_until_a_time_that_waiting_does_not_move(user: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _number in range(5):
            assert attempt("zhang", "wrong", HERE) is None
            clock.shift(60)
        until = NOON + timedelta(minutes=4 + 15)
        assert attempt("zhang", PASSWORD, HERE) == Locked(until)
        assert attempt("zhang", PASSWORD, HERE) == Locked(until)
        clock.move_to(until + timedelta(seconds=1))
        assert attempt("zhang", PASSWORD, HERE) == user


def test_a_name_that_does_not_exist_locks_in_the_same_way() -> None:
    with time_machine.travel(NOON, tick=False):
        assert [attempt("nobody", "wrong", HERE) for _number in range(6)] == [None] * 5 + [
            Locked(NOON + timedelta(minutes=15))
        ]


def test_an_address_is_locked_after_thirty_failures_under_any_names(user: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(30):
            assert attempt(f"somebody{number}", "wrong", HERE) is None
        assert isinstance(attempt("zhang", PASSWORD, HERE), Locked)
        assert attempt("zhang", PASSWORD, THERE) == user


@pytest.mark.parametrize("name", ["zhang", "nobody"])
def test_every_attempt_hashes_exactly_once(user: User, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt("warm up", "x", HERE)
    made: list[str] = []
    verify = hashers.MD5PasswordHasher.verify

    def counted(hasher: hashers.MD5PasswordHasher, password: str, encoded: str) -> bool:
        made.append(password)
        return verify(hasher, password, encoded)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "verify", counted)
    attempt(name, "wrong", HERE)
    assert made == ["wrong"]


def test_a_person_of_the_demonstration_cannot_sign_in_outside_of_it() -> None:
    UserFactory(username="demo", is_demo=True)
    assert attempt("demo", PASSWORD, HERE) is None


def test_the_page_says_the_same_for_a_wrong_password_and_an_unknown_name(user: User, client: Client) -> None:
    answers = [client.post(reverse("sign-in"), {"username": name, "password": "wrong"}) for name in ("zhang", "nobody")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert [list(answer.context["form"].non_field_errors()) for answer in answers] == [[WRONG], [WRONG]]


def test_the_page_names_the_time_when_it_is_locked(user: User, client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        for _number in range(6):
            answer = client.post(reverse("sign-in"), {"username": "zhang", "password": "wrong"})
    assert list(answer.context["form"].non_field_errors()) == [
        "未能登录：失败次数过多，已暂停登录，12:15 后可再试。忘记密码请找安全管理员重置。"
    ]


def test_signing_in_opens_a_fresh_session_and_leads_on(user: User, client: Client) -> None:
    client.get(reverse("sign-in"))
    answer = client.post(reverse("sign-in"), {"username": "zhang", "password": PASSWORD, "next": "/account/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    sign_in = SignIn.objects.get()
    assert (sign_in.user, sign_in.session_key) == (user, client.session.session_key)


def test_nobody_is_led_to_a_foreign_site(user: User, client: Client) -> None:
    answer = client.post(
        reverse("sign-in"), {"username": "zhang", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.headers["Location"] == reverse(settings.LOGIN_REDIRECT_URL)


def test_the_cast_is_listed_in_the_demonstration_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    posting = PostingFactory(user__is_demo=True, user__name="甄好")
    assert "甄好" not in client.get(reverse("sign-in")).content.decode()
    assert client.post(reverse("sign-in"), {"cast": posting.user.username}).status_code == 422
    monkeypatch.setattr(settings, "DEMO", True)
    page = client.get(reverse("sign-in")).content.decode()
    assert "甄好" in page
    assert "局学籍管理" in page


def test_one_click_signs_in_as_a_person_of_the_demonstration(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    person, other = UserFactory(is_demo=True), UserFactory()
    assert client.post(reverse("sign-in"), {"cast": other.username}).status_code == 422
    assert client.post(reverse("sign-in"), {"cast": person.username, "next": "/account/"}).status_code == 302
    assert SignIn.objects.get().user == person


def test_signing_out_needs_a_post_and_ends_the_session(user: User, client: Client) -> None:
    client.post(reverse("sign-in"), SIGN_IN)
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).headers["Location"] == reverse("sign-in")
    assert SignIn.objects.get().ended_at is not None
    assert client.get(reverse("account")).headers["Location"] == f"{reverse('sign-in')}?next=/account/"


def test_whoever_must_change_the_password_is_led_there_first(client: Client) -> None:
    user = UserFactory(must_change_password=True)
    client.force_login(user)
    assert client.get(reverse("account")).headers["Location"] == reverse("password")
    answer = client.post(
        reverse("password"), {"old": PASSWORD, "new": "a rather long secret 7", "again": "a rather long secret 7"}
    )
    assert answer.headers["Location"] == reverse("account")
    assert client.get(reverse("account")).status_code == 200


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(client: Client) -> None:
    answer = client.get(reverse("account"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, reverse("sign-in"))


def test_a_session_left_open_elsewhere_can_be_ended_but_nobody_elses(user: User) -> None:
    here, elsewhere, stranger = Client(), Client(), Client()
    for browser in (here, elsewhere):
        browser.post(reverse("sign-in"), SIGN_IN)
    stranger.force_login(UserFactory())
    other = SignIn.objects.get(session_key=elsewhere.session.session_key)

    assert stranger.post(reverse("session-end", args=[other.pk])).status_code == 404
    assert here.post(reverse("session-end", args=[other.pk])).status_code == 302
    assert elsewhere.get(reverse("account")).status_code == 302
    assert here.get(reverse("account")).status_code == 200


def test_a_user_switched_off_is_out_at_once(user: User, client: Client) -> None:
    client.post(reverse("sign-in"), SIGN_IN)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("account")).status_code == 302


def test_only_the_administrators_of_security_and_audit_see_users() -> None:
    cast = make_cast()
    answers = {part: cast.client(part).get(reverse("users-list")).status_code for part in cast.users}
    assert [part for part, status in answers.items() if status == 200] == ["security_admin", "audit_admin"]
    assert {status for part, status in answers.items() if part not in {"security_admin", "audit_admin"}} == {404}


def test_the_administrator_makes_a_user_gives_a_posting_and_ends_it() -> None:
    cast = make_cast()
    admin = cast.client("security_admin")
    made = admin.post(reverse("user-new"), {"username": "new", "name": "新人"})
    user = User.objects.get(username="new")
    assert user.check_password(made.context["password"])
    given = admin.post(
        reverse("posting-give", args=[user.pk]),
        {
            "role": "registrar", "unit": cast.first_primary.unit.code, "office": "教导处", "started_on": "2024-09-01",
            "reason": "新任学籍管理员",
        },
    )  # fmt: skip
    assert given.headers["Location"] == reverse("users-detail", args=[user.pk])
    # Whoever handed out the password gives no role alone.
    assert not user.postings.exists()
    cast.client("director").post(reverse("request-confirm", args=[AccountRequest.objects.get().pk]))
    posting = user.postings.get()
    assert (posting.role, posting.unit_id, posting.office) == ("registrar", cast.first_primary.pk, "教导处")
    admin.post(reverse("posting-end", args=[posting.pk]), {"on": "2024-10-14"})
    posting.refresh_from_db()
    assert posting.ended_on is not None
    assert "新人" in admin.get(reverse("postings-detail", args=[posting.pk])).content.decode()
