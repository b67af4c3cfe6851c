"""What grows by use goes after its time, no earlier; what somebody may still need stays."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pydantic import ValidationError
from pytest_django.fixtures import Settings

from tests.cast import Cast, make_cast
from tests.factories.accounts import NumberMatchFactory, SignInFactory, SignInFailureFactory, UserFactory
from tests.factories.api import api_delivery
from xianxue.accounts.models import AccountNotice, SignIn, SignInFailure
from xianxue.config.env import Env
from xianxue.config.operations.chores import tidy
from xianxue.kernel.api.models import Delivery, Subscription, Token
from xianxue.kernel.api.tasks import tidy as tidy_api
from xianxue.kernel.procedures.models import Notice
from xianxue.kernel.sheets.models import NumberMatch
from xianxue.people.models import DuplicateScan, LookupFailure

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def scan(age: timedelta, *, is_full: bool) -> DuplicateScan:
    numbers = dict.fromkeys(("through_seq", "milliseconds", "persons", "compared", "skipped", "opened", "closed"), 0)
    return DuplicateScan.objects.create(**numbers, is_full=is_full, rules_version="1", finished_at=timezone.now() - age)


def test_network_logs_go_after_their_days_and_not_before(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.NETWORK_LOG_DAYS = tmp_path, 200
    user, now = UserFactory(), timezone.now()
    for age in (199, 201):
        at = now - age * DAY
        SignIn.objects.filter(pk=SignInFactory(user=user).pk).update(started_at=at, last_seen_at=at)
        SignInFailure.objects.filter(pk=SignInFailureFactory().pk).update(at=at)
        failed = LookupFailure.objects.create(user_id=1, unit_id=1, number_digest="x")
        LookupFailure.objects.filter(pk=failed.pk).update(at=at)
        NumberMatch.objects.filter(pk=NumberMatchFactory().pk).update(at=at)
        AccountNotice.objects.create(user=user, text="密码已重置。", seen_at=at)
        Notice.objects.create(user_id=user.pk, text="已办结。", at=at, seen_at=at)
    # Not seen yet, or still in use: kept, however old.
    unseen = AccountNotice.objects.create(user=user, text="未看。")
    long_ago = SignInFactory(user=user)
    SignIn.objects.filter(pk=long_ago.pk).update(started_at=now - 300 * DAY, last_seen_at=now)

    tidy()

    assert SignInFailure.objects.count() == LookupFailure.objects.count() == Notice.objects.count() == 1
    assert NumberMatch.objects.count() == 1
    assert SignIn.objects.count() == AccountNotice.objects.count() == 2
    assert AccountNotice.objects.filter(pk=unseen.pk).exists()
    assert SignIn.objects.filter(pk=long_ago.pk).exists()
    tidy()
    assert SignIn.objects.count() == 2


def test_the_last_searches_for_duplicates_stay_however_old(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    scan(300 * DAY, is_full=True)
    full, _older, newest = (
        scan(200 * DAY, is_full=True),
        scan(190 * DAY, is_full=False),
        scan(100 * DAY, is_full=False),
    )
    tidy()
    assert set(DuplicateScan.objects.all()) == {full, newest}


def notice(cast: Cast, state: str, age: timedelta | None, **ended: datetime) -> int:
    """A notice that was done with so long ago; `ended`: when its subscription or token ended."""
    delivery = api_delivery(cast, "county_officer")
    done_at = None if age is None else timezone.now() - age
    Delivery.objects.filter(pk=delivery.pk).update(state=state, done_at=done_at)
    subscription = Subscription.objects.filter(pk=delivery.subscription_id)
    if "ended_at" in ended:
        subscription.update(ended_at=ended["ended_at"])
    else:
        made = timezone.now() - 100 * DAY
        Token.objects.filter(pk=delivery.subscription.token_id).update(created_at=made, **ended)
    return delivery.pk


def test_notices_done_with_go_after_a_month_and_those_waiting_stay() -> None:
    cast = make_cast()
    kept = [notice(cast, state, 30 * DAY - timedelta(minutes=1)) for state in ("delivered", "dead")]
    for state in ("delivered", "dead"):
        notice(cast, state, 30 * DAY + timedelta(minutes=1))
    kept.append(notice(cast, "waiting", None))
    assert tidy_api() == "0 + 2"
    assert sorted(Delivery.objects.values_list("pk", flat=True)) == sorted(kept)


@pytest.mark.parametrize("why", ["ended_at", "revoked_at", "expires_at"])
def test_notices_that_nobody_will_send_go_a_month_after_their_end(settings: Settings, tmp_path: Path, why: str) -> None:
    settings.VAR_DIR = tmp_path
    cast, month = make_cast(), 30 * DAY
    notice(cast, "waiting", None, **{why: timezone.now() - month - timedelta(minutes=1)})
    kept = [
        notice(cast, "waiting", None, **{why: timezone.now() - month + timedelta(minutes=1)}),
        notice(cast, "waiting", None),
        # Done with: a matter of the month after that, whatever became of its subscription.
        notice(cast, "delivered", DAY, **{why: timezone.now() - month - timedelta(minutes=1)}),
    ]
    tidy()
    assert sorted(Delivery.objects.values_list("pk", flat=True)) == sorted(kept)


def test_what_a_killed_server_began_to_store_goes_after_a_day(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "files").mkdir()
    old, new = tmp_path / "files" / "a.part", tmp_path / "files" / "b.part"
    for path, age in ((old, 2 * DAY), (new, timedelta(hours=1))):
        path.write_text("half")
        then = (timezone.now() - age).timestamp()
        os.utime(path, (then, then))
    tidy()
    assert list((tmp_path / "files").iterdir()) == [new]


def test_less_than_six_months_is_no_setting() -> None:
    """《网络安全法》第二十一条."""
    with pytest.raises(ValidationError):
        Env(network_log_days=183)
