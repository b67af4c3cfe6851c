"""Three administrators who are three people, appointed by two."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, make_cast
from tests.factories.accounts import AccountRequestFactory, PostingFactory, SecondFactorFactory, UserFactory
from xianxue.accounts import services
from xianxue.accounts.choices import RequestKind
from xianxue.accounts.models import AccountNotice, AccountRequest, ExternalIdentity, Posting, User
from xianxue.accounts.selectors import matrix, reach_of
from xianxue.accounts.services import provider
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, Role, all_roles, in_reach, system_actor, whole_county
from xianxue.kernel.api.door import reach_of_token
from xianxue.kernel.api.tokens import issue_token, make_service_account
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.organisations import roles
from xianxue.organisations.models import Unit
from xianxue.organisations.roles import ADMINISTRATORS

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("cli")


def actor(user: User) -> Actor:
    return Actor(user.pk, user.name)


def give(user: User, role: Role, unit: Unit, *, from_day: date = date(2024, 9, 1)) -> Posting:
    with whole_county("test"):
        return services.give_posting(user, role=role, unit=unit, started_on=from_day, by=SYSTEM)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_nobody_holds_two_of_the_three_nor_one_of_them_twice(cast: Cast, first: Role, second: Role) -> None:
    user = UserFactory()
    give(user, first, cast.county)
    with pytest.raises(Refused, match=r"^未能授权：(此人已是|该用户在此单位已有)"):
        give(user, second, cast.county)
    assert list(user.postings.values_list("role", flat=True)) == [first]


def test_the_database_refuses_a_second_administrators_posting_by_itself(cast: Cast) -> None:
    posting = PostingFactory(role=roles.SYSTEM_ADMIN, unit=cast.county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(user=posting.user, role=roles.AUDIT_ADMIN, unit=cast.county, started_on=date(2024, 9, 1))


def test_the_change_of_office_is_exact_to_the_day(cast: Cast) -> None:
    user, today = UserFactory(), timezone.localdate()
    with whole_county("test"):
        services.end_posting(give(user, roles.SYSTEM_ADMIN, cast.county), on=today, by=SYSTEM)
    with pytest.raises(Refused):
        give(user, roles.AUDIT_ADMIN, cast.county, from_day=today)
    give(user, roles.AUDIT_ADMIN, cast.county, from_day=today + timedelta(days=1))
    assert set(reach_of(user, on=today).roles) == {roles.SYSTEM_ADMIN}
    assert set(reach_of(user, on=today + timedelta(days=1)).roles) == {roles.AUDIT_ADMIN}


@pytest.mark.parametrize("role", [*ADMINISTRATORS, roles.DIRECTOR])
def test_one_person_alone_cannot_appoint_them(cast: Cast, role: Role) -> None:
    user, keeper = UserFactory(), cast.users["security_admin"]
    with pytest.raises(Refused, match=r"须由两人办理"), whole_county("test"):
        services.give_posting(user, role=role, unit=cast.county, started_on=date(2024, 9, 1), by=actor(keeper))
    assert reach_of(user).roles == {}


def asked(cast: Cast, user: User, role: Role = roles.AUDIT_ADMIN) -> AccountRequest:
    return services.ask_for_role(
        user,
        role=role,
        unit=cast.county,
        started_on=date(2024, 9, 1),
        reason="原审计管理员调离",
        by=actor(cast.users["security_admin"]),
    )


def test_a_role_is_asked_for_by_one_and_given_by_another(cast: Cast) -> None:
    user = UserFactory()
    request = asked(cast, user)
    assert reach_of(user).roles == {}

    services.confirm_role(request, by=actor(cast.users["director"]))

    assert set(reach_of(user).roles) == {roles.AUDIT_ADMIN}
    assert [one.action for one in events_of("accounts.accountrequest", request.pk)] == [
        "accounts.confirm_role",
        "accounts.ask_for_role",
    ]
    assert (
        AccountNotice.objects.get(user=user).text == "director 某授予您“审计管理员”角色（" + cast.county.name + "）。"
    )


def test_neither_who_asked_nor_whom_it_is_about_confirms(cast: Cast) -> None:
    user = UserFactory()
    request = asked(cast, user)
    for one in (cast.users["security_admin"], user):
        with pytest.raises(Refused, match=r"^未能确认"):
            services.confirm_role(request, by=actor(one))
    assert reach_of(user).roles == {}


def test_a_request_is_confirmed_once(cast: Cast) -> None:
    request = asked(cast, UserFactory())
    services.confirm_role(request, by=actor(cast.users["director"]))
    stale = AccountRequest.objects.get(pk=request.pk)
    for again in (services.confirm_role, services.decline_request):
        with pytest.raises(Refused, match=r"^未能确认：这件申请已经办结。$"):
            again(stale, by=actor(cast.users["director"]))


def test_a_request_withdrawn_gives_nothing_and_may_be_made_again(cast: Cast) -> None:
    user = UserFactory()
    services.decline_request(asked(cast, user), by=actor(cast.users["security_admin"]))
    assert reach_of(user).roles == {}
    asked(cast, user)


def test_two_requests_for_one_person_do_not_wait_together(cast: Cast) -> None:
    user = UserFactory()
    asked(cast, user)
    with pytest.raises(Refused, match=r"已有一件同类申请等待确认"):
        asked(cast, user, roles.SYSTEM_ADMIN)


def test_what_changed_meanwhile_is_looked_at_again(cast: Cast) -> None:
    user = UserFactory()
    request = asked(cast, user)
    give(user, roles.SYSTEM_ADMIN, cast.county)
    with pytest.raises(Refused, match=r"须由三个人担任"):
        services.confirm_role(request, by=actor(cast.users["director"]))
    request.refresh_from_db()
    assert request.is_granted is None


def test_the_database_refuses_a_request_confirmed_by_the_one_who_asked() -> None:
    request = AccountRequestFactory()
    for wrong in (request.asked_by, request.user):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountRequest.objects.filter(pk=request.pk).update(
                is_granted=True, decided_by=wrong, decided_at=timezone.now()
            )


def test_the_only_security_administrator_cannot_be_let_go(cast: Cast) -> None:
    keeper = cast.users["security_admin"]
    posting = keeper.postings.get()
    with pytest.raises(Refused, match=r"唯一的安全管理员"), whole_county("test"):
        services.end_posting(posting, on=timezone.localdate(), by=SYSTEM)
    with pytest.raises(Refused, match=r"唯一的安全管理员"):
        services.switch_user(keeper, active=False, by=SYSTEM)
    give(UserFactory(), roles.SECURITY_ADMIN, cast.county)
    with whole_county("test"):
        services.end_posting(posting, on=timezone.localdate(), by=SYSTEM)


def test_the_pages_lead_two_people_through_it(cast: Cast) -> None:
    user, keeper = UserFactory(), cast.client("security_admin")
    form = {
        "role": "audit_admin", "unit": cast.county.code, "office": "", "started_on": "2024-09-01", "reason": "调离",
    }  # fmt: skip
    keeper.post(reverse("posting-give", args=[user.pk]), form)
    request = AccountRequest.objects.get()
    href = reverse("request-confirm", args=[request.pk])
    assert keeper.post(href).status_code == 422
    assert cast.client("audit_admin").post(href).status_code == 403
    assert cast.client("system_admin").post(href).status_code == 404
    assert cast.client("director").post(href).status_code == 302
    assert set(reach_of(user).roles) == {roles.AUDIT_ADMIN}


def test_whoever_opened_an_account_gives_it_no_role_alone(cast: Cast) -> None:
    keeper, school = cast.users["security_admin"], cast.first_primary.unit
    user, _password = services.open_account(username="zhang", name="张三", by=actor(keeper))
    second = UserFactory()
    give(second, roles.SECURITY_ADMIN, cast.county)
    with in_reach(cast.reach("security_admin")), pytest.raises(Refused, match=r"由另一人确认"):
        services.give_posting(user, role=roles.REGISTRAR, unit=school, started_on=date(2024, 9, 1), by=actor(keeper))
    assert not user.postings.exists()
    with in_reach(reach_of(second)):
        services.give_posting(user, role=roles.REGISTRAR, unit=school, started_on=date(2024, 9, 1), by=actor(second))
    assert set(reach_of(user).roles) == {roles.REGISTRAR}


def test_whoever_reset_a_password_asks_on_the_page_and_another_confirms(cast: Cast) -> None:
    user, keeper = UserFactory(), cast.users["security_admin"]
    services.reset_password(user, by=actor(keeper))
    form = {
        "role": "registrar", "unit": cast.first_primary.unit.code, "office": "", "started_on": "2024-09-01",
        "reason": "新任学籍管理员",
    }  # fmt: skip
    cast.client("security_admin").post(reverse("posting-give", args=[user.pk]), form)
    request = AccountRequest.objects.get()
    href = reverse("request-confirm", args=[request.pk])
    assert (user.postings.count(), cast.client("security_admin").post(href).status_code) == (0, 422)
    assert cast.client("director").post(href).status_code == 302
    assert set(reach_of(user).roles) == {roles.REGISTRAR}


@pytest.mark.parametrize("other", ["system_admin", "audit_admin", "director", "county_officer", "auditor"])
@pytest.mark.parametrize(
    "name",
    ["user-rename", "user-password", "user-switch", "user-factor", "user-sessions", "user-identity", "posting-give"],
)
def test_only_the_security_administrator_acts_on_accounts(cast: Cast, other: str, name: str) -> None:
    href = reverse(name, args=[cast.users["stranger"].pk])
    form = {"name": "改", "reason": "改", "role": "head", "unit": cast.county.code, "started_on": "2024-09-01"}
    assert cast.client(other).post(href, form).status_code == (403 if other == "audit_admin" else 404)


def test_the_security_administrator_changes_no_codes_and_the_system_administrator_sees_no_accounts(cast: Cast) -> None:
    for part, closed in (("security_admin", "codes-new"), ("audit_admin", "codes-new"), ("system_admin", "users-list")):
        assert cast.client(part).get(reverse(closed)).status_code in {403, 404}
    assert cast.client("system_admin").get(reverse("codes-new")).status_code == 200


def test_the_audit_administrator_reads_and_changes_nothing() -> None:
    place = list(all_roles()).index(roles.AUDIT_ADMIN)
    granted = {(group.label, line.what) for group in matrix.groups() for line in group.lines if line.allowed[place]}
    assert {what for _label, what in granted} <= {"查看", "复核"}
    assert {"登录记录", "登录失败", "用户", "任职授权", "账号事项申请", "代办委托"} <= {
        label for label, _what in granted
    }


def test_sign_ins_are_read_by_the_audit_administrator_alone(cast: Cast) -> None:
    for name in ("sign-ins-list", "sign-in-failures-list"):
        readers = [part for part in cast.users if cast.client(part).get(reverse(name)).status_code == 200]
        assert readers == ["audit_admin"]


def test_no_administrator_sees_a_pupil(cast: Cast) -> None:
    for part in ADMINISTRATORS:
        assert cast.client(part).get(reverse("pupils-list")).status_code == 404


@pytest.mark.parametrize("role", [*ADMINISTRATORS, roles.DIRECTOR])
def test_two_people_reset_their_password_and_take_their_second_factor_off(cast: Cast, role: Role) -> None:
    user = UserFactory()
    give(user, role, cast.county)
    SecondFactorFactory(user=user)
    keeper, second = (give(UserFactory(), roles.SECURITY_ADMIN, cast.county).user for _number in range(2))
    with pytest.raises(Refused, match=r"须由两人重置"):
        services.reset_password(user, by=actor(keeper))
    with pytest.raises(Refused, match=r"须由两人解除"):
        services.remove_factor(user, reason="手机丢了", by=actor(keeper))

    password = services.ask_for_reset(user, reason="忘了", by=actor(keeper))
    factor = services.ask_to_remove_factor(user, reason="手机丢了", by=actor(keeper))
    user.refresh_from_db()
    assert (user.must_change_password, user.has_second_factor) == (False, True)
    for request, confirm in ((password, services.confirm_reset), (factor, services.confirm_removal)):
        with pytest.raises(Refused, match=r"^未能确认"):
            confirm(request, by=actor(keeper))
    given = services.confirm_reset(password, by=actor(second))
    services.confirm_removal(factor, by=actor(second))

    fresh = User.objects.get(pk=user.pk)
    assert fresh.check_password(given)
    assert not fresh.has_second_factor


def test_the_temporary_password_of_a_confirmed_request_is_shown_to_the_one_who_confirms(cast: Cast) -> None:
    user = cast.users["system_admin"]
    cast.client("security_admin").post(reverse("user-password", args=[user.pk]), {"reason": "忘了密码"})
    request = AccountRequest.objects.get(kind=RequestKind.PASSWORD)
    page = cast.client("director").post(reverse("request-confirm", args=[request.pk]))
    user.refresh_from_db()
    assert user.check_password(page.context["password"])
    assert page.context["password"] in page.content.decode()


def test_a_register_of_accounts_never_shows_a_secret() -> None:
    secrets = {"password", "secret", "session_key", "digest", "name_digest", "address_digest", "subject"}
    for code in ("users", "postings", "account-requests", "sign-ins", "sign-in-failures", "delegations"):
        assert not secrets & {column.orm_path for column in resources.get(code).columns}


def test_an_installation_without_a_security_administrator_gets_one_from_the_command_line(cast: Cast) -> None:
    with whole_county("test"):
        password = services.appoint(
            username="xinanquan", name="钱七", role=roles.SECURITY_ADMIN, unit=cast.county, by=SYSTEM
        )
        again = services.appoint(username="xinanquan", name="钱七", role=roles.AUDITOR, unit=cast.county, by=SYSTEM)
    user = User.objects.get(username="xinanquan")
    assert user.check_password(password)
    assert again == ""
    assert set(reach_of(user).roles) == {roles.SECURITY_ADMIN, roles.AUDITOR}


def test_the_director_s_number_at_the_provider_is_not_changed_by_one_person(cast: Cast) -> None:
    keeper, director = cast.users["security_admin"], cast.users["director"]
    with pytest.raises(Refused, match="不能由一人更改"):
        services.rename_user(director, name=director.name, worker_number="W-OF-THE-KEEPER", by=actor(keeper))
    ExternalIdentity.objects.create(user=director, issuer="https://id.example", subject="1")
    with pytest.raises(Refused, match="不能由一人更改"):
        provider.unlink(director, by=actor(keeper))
    director.refresh_from_db()
    assert (director.worker_number, ExternalIdentity.objects.count()) == ("", 1)
    services.rename_user(director, name="新名", by=actor(keeper))


def test_whoever_gets_another_worker_s_number_is_told(cast: Cast) -> None:
    services.rename_user(cast.users["registrar"], name="某", worker_number="W7", by=actor(cast.users["security_admin"]))
    assert "更改了您的工号" in AccountNotice.objects.get(user=cast.users["registrar"]).text


@pytest.mark.parametrize("role", [roles.DIRECTOR, roles.SECURITY_ADMIN])
def test_nobody_appointed_by_two_people_becomes_another_s_machine(cast: Cast, role: Role) -> None:
    keeper, user = cast.users["security_admin"], UserFactory()
    give(user, role, cast.county)
    with pytest.raises(Refused, match="该用户已有角色"):
        make_service_account(user, purpose="对接", contact="", by=actor(keeper))


def test_a_machine_never_acts_in_a_role_that_takes_two_people(cast: Cast) -> None:
    keeper, user = cast.users["security_admin"], UserFactory()
    make_service_account(user, purpose="对接", contact="", by=actor(keeper))
    give(user, roles.DIRECTOR, cast.county)
    give(user, roles.REGISTRAR, cast.first_primary.unit)
    with in_reach(reach_of(keeper)):
        token, _text = issue_token(user, name="对接", scopes=["read:*"], days=1, by=actor(keeper))
    reach = reach_of_token(token)
    assert (set(reach.roles), set(reach.own_roles)) == ({"registrar"}, {"registrar"})


@pytest.mark.parametrize("how", ["reset", "sessions"])
def test_tokens_end_with_the_password_that_an_administrator_resets_and_with_all_sessions(cast: Cast, how: str) -> None:
    keeper, user = cast.users["security_admin"], cast.users["registrar"]
    with in_reach(reach_of(user)):
        token, _text = issue_token(user, name="自用", scopes=["read:*"], days=1, by=actor(user))
    if how == "reset":
        services.reset_password(user, by=actor(keeper))
    else:
        services.end_all_sessions(user, by=actor(keeper))
    token.refresh_from_db()
    assert token.revoked_at is not None
