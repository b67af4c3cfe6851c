from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories.accounts import PASSWORD, PostingFactory, SignInFactory, UserFactory
from tests.factories.organisations import ClassroomFactory, CountyFactory, SchoolFactory
from xianxue.accounts import services
from xianxue.accounts.models import Posting, User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import EVERY_UNIT, Actor, UnitScope, system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.organisations import roles

pytestmark = pytest.mark.django_db
BY = system_actor("cli")
STRONG = "a rather long secret 7"


def test_a_new_user_signs_in_with_the_password_and_reaches_nothing() -> None:
    user = services.create_user(username="zhang", name="张三", password=STRONG, by=BY)

    assert user.check_password(STRONG)
    assert user.must_change_password
    assert reach_of(user).roles == {}
    assert [entry.action for entry in events_of("accounts.user", user.pk)] == ["accounts.create_user"]


def test_the_log_never_holds_a_password() -> None:
    user = services.create_user(username="zhang", name="张三", password=STRONG, by=BY)
    services.reset_password(user, by=BY)

    entries = events_of("accounts.user", user.pk)
    assert [entry.changes for entry in entries] == [
        {},
        {"username": [None, "zhang"], "name": [None, "张三"]},
    ]


def test_a_user_name_is_taken_whatever_its_case() -> None:
    UserFactory(username="zhang")
    with pytest.raises(Refused) as refused:
        services.create_user(username="ZHANG", name="张三", password=STRONG, by=BY)
    assert refused.value.message == "未能新建用户：用户名“ZHANG”已有人使用。请换一个。"
    assert refused.value.field == "username"


@pytest.mark.parametrize("password", ["short1", "1234567890123", "password123"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        services.create_user(username="zhang", name="张三", password=password, by=BY)
    assert refused.value.message.startswith("未能设置密码：")
    assert not User.objects.filter(username="zhang").exists()


def test_a_changed_password_ends_all_sessions() -> None:
    user = UserFactory(must_change_password=True)
    sign_in = SignInFactory(user=user)
    Session.objects.create(
        session_key=sign_in.session_key, session_data="", expire_date=timezone.now() + timedelta(hours=1)
    )

    services.change_password(user, old=PASSWORD, new=STRONG, by=Actor(user.pk, user.name))

    sign_in.refresh_from_db()
    assert not Session.objects.exists()
    assert sign_in.ended_at is not None
    assert not user.must_change_password


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("wrong", STRONG, "old", "未能修改密码：原密码不正确。请重新填写。"),
        (PASSWORD, PASSWORD, "new", "未能修改密码：新密码与原密码相同。请换一个。"),
    ],
)
def test_a_password_change_is_refused_with_its_reason(old: str, new: str, field: str, message: str) -> None:
    user = UserFactory()
    with pytest.raises(Refused) as refused:
        services.change_password(user, old=old, new=new, by=BY)
    assert (refused.value.field, refused.value.message) == (field, message)
    assert user.check_password(PASSWORD)


def test_nobody_switches_off_oneself() -> None:
    user = UserFactory()
    with pytest.raises(Refused) as refused:
        services.switch_user(user, active=False, by=Actor(user.pk, user.name))
    assert refused.value.message == "未能停用：不能停用自己的账号。请由另一位安全管理员操作。"


def test_a_bureau_role_is_not_given_at_a_school() -> None:
    user, school = UserFactory(), SchoolFactory()
    with pytest.raises(Refused) as refused, whole_county("test"):
        services.give_posting(user, role=roles.DIRECTOR, unit=school.unit, started_on=date(2024, 9, 1), by=BY)
    assert refused.value.message == "未能授权：“局长”只能授予省、市、县。请改选单位或角色。"


def test_a_posting_opens_the_unit_and_all_below_until_its_last_day() -> None:
    county = CountyFactory()
    school, other = SchoolFactory(parent=county), SchoolFactory(parent=county)
    room = ClassroomFactory(school=school)
    user = UserFactory()
    with whole_county("test"):
        posting = services.give_posting(
            user, role=roles.REGISTRAR, unit=school.unit, started_on=date(2024, 9, 1), by=BY
        )
        services.end_posting(posting, on=date(2025, 7, 5), by=BY)

    held = UnitScope(frozenset({school.pk, room.pk}))
    assert other.pk not in held
    assert reach_of(user, on=date(2024, 8, 31)).roles == {}
    assert reach_of(user, on=date(2024, 9, 1)).roles == {"registrar": held}
    assert reach_of(user, on=date(2025, 7, 5)).roles == {"registrar": held}
    assert reach_of(user, on=date(2025, 7, 6)).roles == {}
    actions = [entry.action for entry in events_of("accounts.posting", posting.pk)]
    assert actions == ["accounts.end_posting", "accounts.give_posting"]


def test_a_posting_at_the_only_county_reaches_every_unit_and_those_to_come() -> None:
    posting = PostingFactory(unit=CountyFactory())
    SchoolFactory(parent=posting.unit)
    assert reach_of(posting.user).roles == {"county_officer": EVERY_UNIT}


def test_a_posting_at_one_of_two_counties_reaches_that_county_alone() -> None:
    posting = PostingFactory(unit=CountyFactory())
    mine, other = SchoolFactory(parent=posting.unit), SchoolFactory(parent=CountyFactory())
    scope = reach_of(posting.user).roles["county_officer"]
    assert (mine.pk in scope, other.pk in scope, scope.every) == (True, False, False)


def test_the_same_role_is_not_given_twice() -> None:
    posting = PostingFactory()
    with pytest.raises(Refused) as refused:
        services.give_posting(posting.user, role=posting.role, unit=posting.unit, started_on=date(2024, 9, 1), by=BY)
    assert refused.value.message == "未能授权：该用户在此单位已有这个角色。"
    assert Posting.objects.count() == 1


def test_a_posting_does_not_end_before_it_starts_nor_twice() -> None:
    posting = PostingFactory(started_on=date(2024, 9, 1))
    with pytest.raises(Refused) as early:
        services.end_posting(posting, on=date(2024, 8, 31), by=BY)
    services.end_posting(posting, on=date(2024, 9, 1), by=BY)
    with pytest.raises(Refused) as twice:
        services.end_posting(posting, on=date(2024, 9, 2), by=BY)
    assert early.value.message == "未能结束授权：结束日期早于开始日期 2024-09-01。请改填日期。"
    assert twice.value.message == "未能结束授权：它已于 2024-09-01 结束。"


def test_nobody_gives_oneself_a_role() -> None:
    admin = UserFactory()
    county = CountyFactory()
    with pytest.raises(Refused) as refused:
        services.give_posting(
            admin, role=roles.COUNTY_OFFICER, unit=county, started_on=date(2024, 9, 1), by=Actor(admin.pk, admin.name)
        )
    assert refused.value.message == "未能授权：不能给自己授予角色。请由另一位安全管理员办理。"
    assert reach_of(admin).roles == {}
