"""The second factor: RFC 6238, used once, locked after failures, and a way out when the telephone is lost."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyotp
import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.cast import make_cast
from tests.factories.accounts import PASSWORD, PostingFactory, SecondFactorFactory, UserFactory
from xianxue.accounts import rules, services
from xianxue.accounts.choices import SignInWay
from xianxue.accounts.models import AccountNotice, RecoveryCode, SecondFactor, SignIn, User
from xianxue.accounts.selectors import matrix
from xianxue.accounts.services import factors
from xianxue.accounts.services.arriving import HALF_SECONDS
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, Trait, all_roles, roles_with
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of

pytestmark = pytest.mark.django_db
NOON = datetime(2024, 10, 15, 12, 0, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
HERE, THERE = "192.0.2.1", "198.51.100.9"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def code_at(moment: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    SecondFactorFactory(user=found, secret=SECRET)
    return found


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(user: User, seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits of its SHA-1 column."""
    with time_machine.travel(seconds, tick=False):
        assert services.try_code(user, code, HERE) == SignInWay.CODE


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_one_step_off_and_no_more(user: User, steps: int, right: bool) -> None:
    with time_machine.travel(NOON, tick=False):
        found = services.try_code(user, code_at(NOON + timedelta(seconds=30 * steps)), HERE)
    assert (found == SignInWay.CODE) is right


def test_a_code_counts_once(user: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert services.try_code(user, code_at(NOON), HERE) == SignInWay.CODE
        assert services.try_code(user, code_at(NOON), HERE) is None
        clock.shift(29)
        assert services.try_code(user, code_at(NOON), THERE) is None
        assert services.try_code(user, code_at(NOON + timedelta(seconds=30)), HERE) == SignInWay.CODE
        # An older one that was never used is too late as well, once a newer one was.
        assert services.try_code(user, code_at(NOON), HERE) is None


def test_codes_lock_after_five_failures_and_a_right_one_does_not_open_then(user: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _number in range(5):
            assert services.try_code(user, "000000", HERE) is None
        locked = services.Locked(NOON + timedelta(minutes=15))
        assert services.try_code(user, code_at(NOON), HERE) == locked
        assert services.try_code(user, code_at(NOON), THERE) == SignInWay.CODE
        clock.shift(15 * 60 + 1)
        assert services.try_code(user, "000000", HERE) is None
        # The sixth doubles the wait.
        assert services.try_code(user, "000000", HERE) == services.Locked(NOON + timedelta(minutes=45, seconds=1))


def test_many_addresses_together_lock_the_codes_of_one_account(user: User) -> None:
    with time_machine.travel(NOON, tick=False):
        for number in range(20):
            assert services.try_code(user, "000000", f"192.0.2.{number + 10}") is None
        assert isinstance(services.try_code(user, code_at(NOON), "203.0.113.5"), services.Locked)


def by(user: User) -> Actor:
    return Actor(user.pk, user.name)


def enabled(user: User) -> list[str]:
    secret = services.new_secret()
    return services.enable_factor(user, secret=secret, code=pyotp.TOTP(secret).now(), by=by(user))


def test_a_recovery_code_counts_once_however_it_is_written() -> None:
    user = UserFactory()
    codes = enabled(user)
    assert len(set(codes)) == 10
    assert services.try_code(user, f" {codes[3].upper().replace('-', ' ')} ", HERE) == SignInWay.RECOVERY
    assert services.try_code(user, codes[3], HERE) is None
    assert services.try_code(user, codes[4], HERE) == SignInWay.RECOVERY
    assert RecoveryCode.objects.filter(used_at=None).count() == 8


def test_a_recovery_code_of_one_person_opens_nothing_of_another() -> None:
    mine, other = UserFactory(), UserFactory()
    codes, _others = enabled(mine), enabled(other)
    assert services.try_code(other, codes[0], HERE) is None


def test_neither_the_secret_nor_a_code_stands_in_the_database() -> None:
    user = UserFactory()
    secret = services.new_secret()
    codes = services.enable_factor(user, secret=secret, code=pyotp.TOTP(secret).now(), by=by(user))
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT digest FROM accounts_recoverycode")
        digests = [row[0] for row in cursor.fetchall()]
    assert secret not in stored
    assert not {code.replace("-", "") for code in codes} & set(digests)
    assert SecondFactor.objects.get().secret == secret
    assert [entry.changes for entry in events_of("accounts.user", user.pk)] == [{"has_second_factor": ["0", "1"]}]


def test_the_code_that_enabled_it_is_used_up() -> None:
    user, secret = UserFactory(), services.new_secret()
    with time_machine.travel(NOON, tick=False):
        services.enable_factor(user, secret=secret, code=code_at(NOON, secret), by=by(user))
        assert services.try_code(user, code_at(NOON, secret), HERE) is None


def test_nobody_sets_up_a_second_factor_for_somebody_else() -> None:
    user, other = UserFactory(), UserFactory()
    secret = services.new_secret()
    with pytest.raises(Refused, match=r"只能由本人设置"):
        services.enable_factor(user, secret=secret, code=pyotp.TOTP(secret).now(), by=by(other))


def sign_in(client: Client, **given: str) -> str:
    answer = client.post(reverse("sign-in"), {"username": "zhang", "password": PASSWORD, **given})
    return str(answer.headers.get("Location", ""))


def test_the_password_alone_opens_nothing(user: User, client: Client) -> None:
    assert sign_in(client) == reverse("second-step")
    assert client.get(reverse("account")).headers["Location"].startswith(reverse("sign-in"))
    assert not SignIn.objects.exists()


def test_the_code_opens_the_page_that_was_asked_for_in_a_session_with_a_new_key(user: User, client: Client) -> None:
    client.get(reverse("sign-in"))
    sign_in(client, next="/account/password/")
    before = client.session.session_key
    answer = client.post(reverse("second-step"), {"code": code_at(datetime.now(tz=ZoneInfo("UTC")))})
    assert answer.headers["Location"] == "/account/password/"
    assert client.session.session_key != before
    sign_in_row = SignIn.objects.get()
    assert (sign_in_row.way, sign_in_row.session_key) == (SignInWay.CODE, client.session.session_key)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before or ""
    assert stolen.get(reverse("account")).status_code == 302


def test_a_wrong_code_is_answered_on_the_page_and_does_not_lose_the_first_step(user: User, client: Client) -> None:
    sign_in(client)
    answer = client.post(reverse("second-step"), {"code": "000000"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["code"] == ["未能登录：动态口令不对，或已经用过。请等手机上换出下一个再填。"]
    code = code_at(datetime.now(tz=ZoneInfo("UTC")))
    assert client.post(reverse("second-step"), {"code": code}).status_code == 302


def test_the_first_step_grows_old(user: User, client: Client) -> None:
    sign_in(client)
    session = client.session
    session["half_signed_in"] = {**session["half_signed_in"], "at": time.time() - HALF_SECONDS - 1}
    session.save()
    code = code_at(datetime.now(tz=ZoneInfo("UTC")))
    assert client.post(reverse("second-step"), {"code": code}).headers["Location"] == reverse("sign-in")
    assert not SignIn.objects.exists()


def test_a_password_changed_meanwhile_ends_the_first_step(user: User, client: Client) -> None:
    sign_in(client)
    services.reset_password(user, by=Actor(UserFactory().pk, "安全管理员"))
    code = code_at(datetime.now(tz=ZoneInfo("UTC")))
    assert client.post(reverse("second-step"), {"code": code}).headers["Location"] == reverse("sign-in")


def test_a_recovery_code_at_the_door_says_how_many_are_left(client: Client) -> None:
    user = UserFactory(username="zhang")
    codes = enabled(user)
    sign_in(client)
    answer = client.post(reverse("second-step"), {"code": codes[0]}, follow=True)
    assert [str(one) for one in answer.context["messages"]] == ["已用去一个恢复码，还剩 9 个。"]
    assert SignIn.objects.get().way == SignInWay.RECOVERY


def test_the_pages_enable_renew_and_drop_it(client: Client) -> None:
    user = UserFactory(username="zhang")
    sign_in(client)
    other = Client()
    sign_in(other)
    page = client.get(reverse("factor-enable"))
    secret = page.context["secret"].replace(" ", "")
    assert "<svg" in page.content.decode()
    assert "data:" not in page.context["qr"]
    assert "style=" not in page.context["qr"]
    assert client.post(reverse("factor-enable"), {"code": "000000"}).status_code == 422

    with time_machine.travel(datetime.now(tz=ZoneInfo("UTC")), tick=False) as clock:
        shown = client.post(reverse("factor-enable"), {"code": pyotp.TOTP(secret).now()})
        assert len(shown.context["codes"]) == 10
        assert client.get(reverse("account")).status_code == 200
        assert other.get(reverse("account")).status_code == 302
        clock.shift(30)
        renewed = client.post(reverse("factor-codes"), {"code": pyotp.TOTP(secret).now()})
        assert not set(renewed.context["codes"]) & set(shown.context["codes"])
        clock.shift(30)
        wrong = client.post(reverse("factor-drop"), {"password": "wrong", "code": pyotp.TOTP(secret).now()})
        assert wrong.status_code == 422
        client.post(reverse("factor-drop"), {"password": PASSWORD, "code": pyotp.TOTP(secret).now()})
    assert not User.objects.get(pk=user.pk).has_second_factor
    assert client.get(reverse("account")).status_code == 200


def test_a_wrong_code_on_the_pages_stays_counted(user: User) -> None:
    for _number in range(5):
        with pytest.raises(Refused, match=r"动态口令或恢复码不对"):
            services.renew_recovery_codes(user, code="000000", address=HERE, by=by(user))
    with pytest.raises(Refused, match=r"错误次数过多"):
        services.renew_recovery_codes(user, code=pyotp.TOTP(SECRET).now(), address=HERE, by=by(user))


def test_the_security_administrator_takes_it_off_with_a_reason_and_the_owner_is_told(user: User) -> None:
    keeper = UserFactory(name="安全员")
    with pytest.raises(Refused, match=r"须写明理由"):
        services.remove_factor(user, reason=" ", by=by(keeper))
    services.remove_factor(user, reason="手机丢失，已当面核验工作证", by=by(keeper))
    assert not User.objects.get(pk=user.pk).has_second_factor
    assert AccountNotice.objects.get(user=user).text.startswith("安全员解除了您的动态口令")
    assert events_of("accounts.user", user.pk)[0].note == "手机丢失，已当面核验工作证"


def test_nobody_takes_off_ones_own_past_the_code(user: User) -> None:
    with pytest.raises(Refused, match=r"请在“我的账号”里停用"):
        services.remove_factor(user, reason="换手机", by=by(user))


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR_FROM", None)


def test_a_role_that_needs_it_is_led_to_it_before_anything_else(required: None, client: Client) -> None:
    posting = PostingFactory(user__username="zhang")
    sign_in(client)
    for name in ("cockpit", "account", "permissions", "search"):
        assert client.get(reverse(name)).headers["Location"] == reverse("factor-enable")
    secret = client.get(reverse("factor-enable")).context["secret"].replace(" ", "")
    client.post(reverse("factor-enable"), {"code": pyotp.TOTP(secret).now()})
    assert client.get(reverse("account")).status_code == 200
    assert User.objects.get(pk=posting.user_id).has_second_factor


def test_it_is_required_from_the_day_that_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2024, 12, 1)
    for today, needed in ((date(2024, 11, 30), False), (day, True)):
        found = rules.needs_second_factor(["county_officer"], since=day, today=today, is_demo=False)
        assert found is needed
    assert not rules.needs_second_factor(["county_officer"], since=None, today=day, is_demo=True)
    assert not rules.needs_second_factor(["class_teacher"], since=None, today=day, is_demo=False)


def test_a_session_older_than_the_factor_starts_over(required: None) -> None:
    cast = make_cast()
    client = cast.client("county_officer")
    SecondFactorFactory(user=cast.users["county_officer"])
    assert client.get(reverse("cockpit")).headers["Location"] == reverse("sign-in")


def test_every_role_that_opens_sealed_values_needs_it() -> None:
    opening = set()
    for register in resources.all_registers():
        if any(column.sealed for column in (*register.columns, *register.form_columns)):
            opening |= {role for role in all_roles() if matrix.allowed(register.reveal, role)}
    assert opening == set(roles_with(Trait.OPENS_SEALED))
    assert all(role.second_factor for role in opening)


def test_a_secret_has_160_bits() -> None:
    assert len(services.new_secret()) * 5 == 160
    assert factors.STEPS_ASIDE == 1
