"""What a password may be, how long a temporary one is good, and when attempts are locked out."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, PostingFactory, UserFactory
from xianxue.accounts import rules, services
from xianxue.accounts.models import AccountNotice, PasswordRecord, SignInFailure, User
from xianxue.accounts.services import Closed, Locked, attempt
from xianxue.kernel.access import Actor, system_actor
from xianxue.kernel.commands import Refused
from xianxue.organisations import roles

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 10, 15, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HERE, THERE = "192.0.2.1", "198.51.100.9"
KEEPER = Actor(10**9, "安全员")


def own(user: User) -> Actor:
    return Actor(user.pk, user.name)


@pytest.mark.parametrize(
    "password",
    [
        "short-one",
        "1234567890123",
        "password123",
        "zhangsanfeng88",
        "SanFengZhang-2024",
        "my zhang_sf password",
        "我叫张三丰我叫张三丰",
        "woaini1314520",
        "jiaoyuju@2024!",
        "qwer1234asdf",
        "Passw0rd!!2024",
    ],
)
def test_a_password_with_the_name_or_of_common_words_is_refused(password: str) -> None:
    user = UserFactory(username="zhang_sf", name="张三丰")
    with pytest.raises(Refused, match=r"^未能设置密码：.*。$"):
        services.change_password(user, old=PASSWORD, new=password, by=own(user))


@pytest.mark.parametrize("password", ["春眠不觉晓，处处闻啼鸟", "correct horse battery 2", "t7#kQ!mz0p-vv"])
def test_a_long_or_a_random_one_is_taken(password: str) -> None:
    user = UserFactory(username="zhang_sf", name="张三丰")
    services.change_password(user, old=PASSWORD, new=password, by=own(user))
    assert user.check_password(password)


def test_the_last_five_passwords_are_not_taken_again() -> None:
    user = UserFactory()
    used = [PASSWORD, *(f"a rather long secret {number}" for number in range(6))]
    for old, new in pairwise(used):
        services.change_password(user, old=old, new=new, by=own(user))
    for recent in used[-6:-1]:
        with pytest.raises(Refused) as refused:
            services.change_password(user, old=used[-1], new=recent, by=own(user))
        assert refused.value.message == "未能修改密码：最近 5 个密码不能再用。请换一个。"
    services.change_password(user, old=used[-1], new=PASSWORD, by=own(user))
    assert PasswordRecord.objects.filter(user=user).count() == 5
    assert not PasswordRecord.objects.filter(password__contains="secret").exists()


def test_wrong_old_passwords_lock_as_at_the_door(client: Client) -> None:
    user = UserFactory(username="zhang")
    client.force_login(user)
    new = "a rather long secret 7"

    def change(old: str) -> list[str]:
        answer = client.post(reverse("password"), {"old": old, "new": new, "again": new})
        return list(answer.context["page"].form.errors["old"]) if answer.status_code == 422 else []

    with time_machine.travel(NOON, tick=False):
        for number in range(5):
            assert change(f"wrong {number}") == ["未能修改密码：原密码不正确。请重新填写。"]
        (locked,) = change(PASSWORD)
        assert locked.startswith("未作改动：密码错误次数过多，")
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        assert isinstance(attempt("zhang", PASSWORD, "127.0.0.1"), Locked)
        assert SignInFailure.objects.filter(user=user, kind="password", is_cleared=False).count() == 5


def test_a_right_old_password_forgives_the_wrong_ones_before(client: Client) -> None:
    user = UserFactory(username="zhang")
    with pytest.raises(Refused, match="原密码不正确"):
        services.change_password(user, old="wrong", new="a rather long secret 7", by=own(user), address=HERE)
    services.change_password(user, old=PASSWORD, new="a rather long secret 7", by=own(user), address=HERE)
    assert list(SignInFailure.objects.values_list("is_cleared", flat=True)) == [True]


def test_nobody_changes_somebody_else_s_password() -> None:
    user = UserFactory()
    with pytest.raises(Refused, match=r"只能修改自己的密码"):
        services.change_password(user, old=PASSWORD, new="a rather long secret 7", by=KEEPER)


def test_a_temporary_password_is_made_up_used_once_and_told_to_the_owner(client: Client) -> None:
    user = UserFactory(username="zhang")
    password = services.reset_password(user, by=KEEPER)
    assert not user.check_password(PASSWORD)
    assert AccountNotice.objects.get(user=user).text.startswith("安全员重置了您的密码。")

    given = {"username": "zhang", "password": password}
    assert client.post(reverse("sign-in"), given).status_code == 302
    assert client.get(reverse("account")).headers["Location"] == reverse("password")
    again = Client().post(reverse("sign-in"), given)
    assert list(again.context["form"].non_field_errors()) == [
        "未能登录：临时密码只能用一次，且有时限，现已失效。请找安全管理员重置。"
    ]
    new = {"old": password, "new": "a rather long secret 7", "again": "a rather long secret 7"}
    client.post(reverse("password"), new)
    assert client.get(reverse("account")).status_code == 200
    assert attempt("zhang", "a rather long secret 7", HERE) == user


def test_a_temporary_password_is_good_for_three_days() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        user, password = services.open_account(username="zhang", name="张三", by=KEEPER)
        clock.shift(timedelta(hours=72) - timedelta(seconds=1))
        assert attempt("zhang", password, HERE) == user
        clock.shift(1)
        assert isinstance(attempt("zhang", password, HERE), Closed)
        assert attempt("zhang", "wrong", HERE) is None


def test_temporary_passwords_differ_and_are_easy_to_copy() -> None:
    made = {services.open_account(username=f"user{n}", name="张三", by=KEEPER)[1] for n in range(20)}
    assert len(made) == 20
    assert not set("".join(made)) & set("lio01")


def test_nobody_resets_one_s_own_password_that_way() -> None:
    user = UserFactory()
    with pytest.raises(Refused, match=r"请在“我的账号”里修改"):
        services.reset_password(user, by=own(user))


def test_a_password_grows_old_only_where_that_is_set(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    user = UserFactory(username="zhang", password_changed_at=datetime(2020, 1, 1, tzinfo=ZoneInfo("UTC")))
    given = {"username": "zhang", "password": PASSWORD}
    client.post(reverse("sign-in"), given)
    user.refresh_from_db()
    assert not user.must_change_password
    monkeypatch.setattr(settings, "PASSWORD_MAX_AGE_DAYS", 90)
    Client().post(reverse("sign-in"), given)
    user.refresh_from_db()
    assert user.must_change_password


def test_every_failure_beyond_the_fifth_doubles_the_wait_up_to_a_day() -> None:
    waits: list[int] = []
    with time_machine.travel(NOON, tick=False) as clock:
        for _number in range(5):
            assert attempt("zhang", "wrong", HERE) is None
        while len(waits) < 5:
            locked = attempt("zhang", "wrong", HERE)
            assert isinstance(locked, Locked)
            waits.append(round((locked.until - datetime.now(tz=locked.until.tzinfo)).total_seconds() / 60))
            clock.move_to(locked.until + timedelta(seconds=1))
            assert attempt("zhang", "wrong", HERE) is None
    assert waits == [15, 30, 60, 120, 240]


def test_the_wait_is_never_longer_than_a_day() -> None:
    failures = [NOON + timedelta(seconds=number) for number in range(1000)]
    assert rules.backed_off_until(failures, limit=5, minutes=15) == failures[-1] + timedelta(days=1)
    assert rules.backed_off_until(failures[:4], limit=5, minutes=15) is None


def test_somebody_elsewhere_cannot_lock_me_out_with_five_wrong_passwords() -> None:
    user = UserFactory(username="zhang")
    with time_machine.travel(NOON, tick=False):
        for _number in range(6):
            attempt("zhang", "wrong", THERE)
        assert isinstance(attempt("zhang", PASSWORD, THERE), Locked)
        assert attempt("zhang", PASSWORD, HERE) == user


def test_twenty_failures_from_anywhere_lock_the_name() -> None:
    UserFactory(username="zhang")
    with time_machine.travel(NOON, tick=False):
        for number in range(20):
            assert attempt("zhang", "wrong", f"198.51.100.{number}") is None
        assert isinstance(attempt("zhang", PASSWORD, HERE), Locked)


def test_a_success_forgives_this_address_and_a_reset_forgives_all() -> None:
    user = UserFactory(username="zhang")
    with time_machine.travel(NOON, tick=False):
        for address in (HERE, THERE):
            for _number in range(4):
                attempt("zhang", "wrong", address)
        assert attempt("zhang", PASSWORD, HERE) == user
        assert SignInFailure.objects.filter(is_cleared=False).count() == 4
        services.reset_password(user, by=KEEPER)
    assert SignInFailure.objects.filter(is_cleared=True).count() == 8


def test_a_failure_keeps_the_user_where_there_is_one_and_never_the_name() -> None:
    user = UserFactory(username="zhang")
    attempt("ZHANG ", "wrong", "10.2.3.4")
    attempt("nobody", "wrong", "10.2.3.4")
    rows = list(SignInFailure.objects.order_by("pk").values_list("user", "network", "kind"))
    assert rows == [(user.pk, "内网 10.2.3.0/24", "password"), (None, "内网 10.2.3.0/24", "password")]


def test_a_switched_off_user_is_answered_like_a_wrong_password(client: Client) -> None:
    UserFactory(username="zhang", is_active=False)
    answers = [
        client.post(reverse("sign-in"), {"username": name, "password": PASSWORD}) for name in ("zhang", "nobody")
    ]
    first, second = [list(answer.context["form"].non_field_errors()) for answer in answers]
    assert first == second == ["未能登录：用户名或密码不正确。请核对后重试。"]


def test_where_only_the_provider_is_allowed_administrators_still_have_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "OIDC_ONLY", True)
    keeper = PostingFactory(user__username="anquan", role=roles.SECURITY_ADMIN).user
    PostingFactory(user__username="zhang")
    assert attempt("anquan", PASSWORD, HERE) == keeper
    assert isinstance(attempt("zhang", PASSWORD, HERE), Closed)
    assert attempt("zhang", "wrong", HERE) is None


def test_a_worker_s_number_belongs_to_one_person() -> None:
    services.open_account(username="a", name="甲", worker_number="W001", by=KEEPER)
    with pytest.raises(Refused) as refused:
        services.open_account(username="b", name="乙", worker_number=" W001 ", by=KEEPER)
    assert refused.value.field == "worker_number"
    second, _password = services.open_account(username="b", name="乙", by=system_actor("cli"))
    services.rename_user(second, name="乙", worker_number="W002", by=KEEPER)
    with pytest.raises(Refused):
        services.rename_user(second, name="乙", worker_number="W001", by=KEEPER)
