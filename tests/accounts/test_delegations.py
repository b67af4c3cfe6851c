"""代办: a role used by a colleague from day to day, seen by both, and taken back at any time."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.factories.accounts import DelegationFactory, PostingFactory, UserFactory
from xianxue.accounts import services
from xianxue.accounts.models import AccountNotice, Delegation, Posting, User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import Actor, Delegated, Role
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.organisations import roles
from xianxue.organisations.roles import ADMINISTRATORS

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 10, 21), date(2024, 10, 25)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _in_october() -> object:
    with time_machine.travel("2024-10-15T04:00:00Z", tick=False):
        yield


def posting_of(cast: Cast, part: str) -> Posting:
    found: Posting = cast.users[part].postings.get()
    return found


def delegate(posting: Posting, taker: User, by: User | None = None, **change: object) -> Delegation:
    given = {"started_on": FIRST, "ended_on": LAST, "reason": "外出培训", **change}
    actor = by or posting.user
    return services.delegate(posting, taker=taker, by=Actor(actor.pk, actor.name), **given)  # type: ignore[arg-type]  # the tests' own change


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_the_taker_reaches_it_from_the_first_day_to_the_last(cast: Cast, day: date, holds: bool) -> None:
    posting, taker = posting_of(cast, "head"), cast.users["registrar"]
    delegate(posting, taker)
    reach = reach_of(taker, on=day)
    own_scope = reach_of(posting.user, on=day).roles["head"]
    assert (reach.roles.get("head") == own_scope) is holds
    assert set(reach.own_roles) == {"registrar"}
    expected = (Delegated("head", own_scope, posting.user_id, posting.user.name),) if holds else ()
    assert reach.acting_for == expected


def test_both_are_told_of_it_and_it_is_recorded(cast: Cast) -> None:
    delegation = delegate(posting_of(cast, "head"), cast.users["registrar"])
    assert AccountNotice.objects.get(user=cast.users["registrar"]).text == (
        "head 某请您代办“校长”，2024-10-21 至 2024-10-25。"
    )
    event = events_of("accounts.delegation", delegation.pk)[0]
    assert (event.action, event.note) == ("accounts.delegate", "外出培训")
    for part in ("head", "registrar"):
        assert list(cast.client(part).get(reverse("account")).context["delegations"]) == [delegation]
    assert list(cast.client("class_teacher").get(reverse("account")).context["delegations"]) == []


def test_it_ends_at_once_when_either_takes_or_gives_it_back(cast: Cast) -> None:
    for ender in ("head", "registrar"):
        delegation = delegate(posting_of(cast, "head"), cast.users["registrar"])
        cast.client(ender).post(reverse("delegation-recall", args=[delegation.pk]))
        assert set(reach_of(cast.users["registrar"], on=FIRST).roles) == {"registrar"}


def test_nobody_else_ends_it(cast: Cast) -> None:
    delegation = delegate(posting_of(cast, "head"), cast.users["registrar"])
    href = reverse("delegation-recall", args=[delegation.pk])
    assert cast.client("security_admin").post(href).status_code == 404
    with pytest.raises(Refused, match=r"只有委托人和代办人"):
        services.recall_delegation(delegation, by=Actor(cast.users["director"].pk, "局长"))
    assert "head" in reach_of(cast.users["registrar"], on=FIRST).roles


def test_what_is_over_is_not_recalled(cast: Cast) -> None:
    over = DelegationFactory(started_on=date(2024, 9, 1), ended_on=date(2024, 10, 14))
    with pytest.raises(Refused, match=r"已经到期"):
        services.recall_delegation(over, by=Actor(over.giver_id, "甲"))
    last_day = DelegationFactory(started_on=date(2024, 9, 1), ended_on=date(2024, 10, 15))
    services.recall_delegation(last_day, by=Actor(last_day.giver_id, "甲"))
    with pytest.raises(Refused, match=r"已经收回"):
        services.recall_delegation(last_day, by=Actor(last_day.giver_id, "甲"))


def test_it_is_worth_no_more_than_the_posting_behind_it(cast: Cast) -> None:
    posting, taker = posting_of(cast, "head"), cast.users["registrar"]
    delegate(posting, taker)
    Posting.objects.filter(pk=posting.pk).update(ended_on=date(2024, 10, 22))
    assert "head" in reach_of(taker, on=date(2024, 10, 22)).roles
    assert "head" not in reach_of(taker, on=date(2024, 10, 23)).roles
    Posting.objects.filter(pk=posting.pk).update(ended_on=None)
    User.objects.filter(pk=posting.user_id).update(is_active=False)
    assert "head" not in reach_of(taker, on=FIRST).roles


@pytest.mark.parametrize("role", [*ADMINISTRATORS, roles.AUDITOR])
def test_administrators_and_auditors_hand_nothing_over(cast: Cast, role: Role) -> None:
    posting = posting_of(cast, role)
    with pytest.raises(Refused) as refused:
        delegate(posting, cast.users["county_officer"])
    assert refused.value.message == f"未能委托：“{role.label}”不能请人代办。"


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_take_nothing_over(cast: Cast, role: Role) -> None:
    with pytest.raises(Refused, match=r"三种管理员不能代办业务"):
        delegate(posting_of(cast, "county_officer"), cast.users[role])


def test_what_was_taken_over_cannot_be_handed_on(cast: Cast) -> None:
    delegate(posting_of(cast, "head"), cast.users["registrar"])
    with pytest.raises(Refused, match=r"只能委托自己的授权"):
        delegate(posting_of(cast, "head"), cast.users["class_teacher"], by=cast.users["registrar"])


@pytest.mark.parametrize("taker", ["other_registrar", "county_officer", "stranger"])
def test_a_school_s_role_goes_to_nobody_outside_the_school(cast: Cast, taker: str) -> None:
    with pytest.raises(Refused) as refused:
        delegate(posting_of(cast, "head"), cast.users[taker])
    assert refused.value.message == "未能委托：本单位没有这位同事的账号。请核对用户名。"


def test_the_bureau_s_role_stays_in_the_bureau_and_a_class_s_in_the_school(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"本单位没有这位同事"):
        delegate(posting_of(cast, "county_officer"), cast.users["head"])
    delegate(posting_of(cast, "county_officer"), cast.users["aid_officer"])
    delegate(posting_of(cast, "class_teacher"), cast.users["registrar"])


def test_nobody_delegates_to_oneself(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"不能委托给自己"):
        delegate(posting_of(cast, "head"), cast.users["head"])


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (LAST, FIRST, "未能委托：结束日期早于开始日期。请改填日期。"),
        (date(2024, 10, 1), date(2024, 10, 14), "未能委托：这段日期已经过去。请改填日期。"),
        (FIRST, FIRST + timedelta(days=181), "未能委托：一次最长 180 天。请缩短日期，到期再办。"),
    ],
)
def test_the_days_must_make_sense(cast: Cast, first: date, last: date, message: str) -> None:
    with pytest.raises(Refused) as refused:
        delegate(posting_of(cast, "head"), cast.users["registrar"], started_on=first, ended_on=last)
    assert refused.value.message == message


def test_not_past_the_end_of_the_posting(cast: Cast) -> None:
    posting = posting_of(cast, "head")
    posting.ended_on = date(2024, 10, 24)
    posting.save()
    with pytest.raises(Refused, match=r"2024-10-24 结束"):
        delegate(posting, cast.users["registrar"])


def test_one_posting_is_not_handed_to_two_at_a_time(cast: Cast) -> None:
    posting = posting_of(cast, "head")
    delegate(posting, cast.users["registrar"])
    with pytest.raises(Refused, match=r"这段日期里已委托他人"):
        delegate(posting, cast.users["class_teacher"], started_on=LAST, ended_on=LAST)
    delegate(
        posting, cast.users["class_teacher"], started_on=LAST + timedelta(days=1), ended_on=LAST + timedelta(days=1)
    )


def test_a_reason_is_asked_for(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        delegate(posting_of(cast, "head"), cast.users["registrar"], reason=" ")
    assert refused.value.field == "reason"


def test_the_page_offers_one_s_own_postings_and_finds_the_colleague_by_user_name(cast: Cast) -> None:
    client = cast.client("head")
    posting = posting_of(cast, "head")
    form = {
        "posting": posting.pk,
        "taker": "nobody",
        "started_on": "2024-10-21",
        "ended_on": "2024-10-25",
        "reason": "病假",
    }
    other = {**form, "posting": posting_of(cast, "registrar").pk, "taker": "class_teacher"}
    answers = [client.post(reverse("delegate"), given) for given in (form, other, {**form, "taker": "Registrar"})]
    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert answers[0].context["page"].form.errors["taker"] == ["未能委托：本单位没有这位同事的账号。请核对用户名。"]
    assert Delegation.objects.get().taker == cast.users["registrar"]


def test_the_second_of_two_people_is_never_a_stand_in(cast: Cast) -> None:
    director, deputy = cast.users["director"], PostingFactory(user=UserFactory(), unit=cast.county).user
    today = timezone.localdate()
    services.delegate(
        director.postings.get(), taker=deputy, started_on=today, ended_on=today, reason="出差",
        by=Actor(director.pk, director.name),
    )  # fmt: skip
    request = services.ask_for_role(
        UserFactory(), role=roles.AUDIT_ADMIN, unit=cast.county, started_on=today, reason="调离",
        by=Actor(cast.users["security_admin"].pk, "安全员"),
    )  # fmt: skip
    cast.users["deputy"] = deputy
    client = cast.client("deputy")
    assert client.get(reverse("account-requests-list")).status_code == 200
    assert client.post(reverse("request-confirm", args=[request.pk])).status_code == 403
