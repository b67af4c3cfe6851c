"""Going up a year: nobody is moved, exceptions are recorded and undone exactly, the head confirms, the county reopens."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.organisations import ClassroomFactory
from tests.factories.people import EnrolmentFactory, MembershipFactory
from tests.people.transferring import Scene, make_scene, noon
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.organisations.choices import STAGE_YEARS, Stage
from xianxue.people.choices import EnrolmentStatus, ExitReason, PromotionKind
from xianxue.people.models import ClassMembership, Enrolment, PromotionConfirmation, PromotionException
from xianxue.people.rules.promotion import Facts, Group, exception_wrong, group_of, stage_rule
from xianxue.people.selectors import promotion as selected
from xianxue.people.services import episodes, promotion

pytestmark = pytest.mark.django_db
YEAR, DAY = 2025, date(2025, 9, 2)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """September 2025: the cast's class of 2024 goes into the second grade; a class of 2025 has come, one of 2023 waits."""
    with time_machine.travel(noon(2025, 9, 3), tick=False):
        made = make_scene()
        school = made.cast.first_primary
        made.seen["younger"] = ClassroomFactory(school=school, cohort_year=2025, number=1)
        made.seen["older"] = ClassroomFactory(school=school, cohort_year=2023, number=1)
        yield made


def except_(scene: Scene, what: str = "hold_back", part: str = "registrar", **changes: Any) -> PromotionException:
    room = scene.seen["younger" if what == "hold_back" else "older"]
    facts = {"classroom": room, "changed_on": DAY, "reason": "因病缺课过多", "knows_rule": True} | changes
    pupil, year = facts.pop("enrolment", scene.old), facts.pop("year", YEAR)
    made: PromotionException = scene.act(part, getattr(promotion, what), pupil, year, **facts)
    return made


def confirm(scene: Scene, part: str = "head", year: int = YEAR) -> PromotionConfirmation:
    made: PromotionConfirmation = scene.act(part, promotion.confirm_year, scene.cast.first_primary, year)
    return made


def undo(scene: Scene, made: PromotionException, part: str = "registrar") -> None:
    scene.act(part, promotion.undo_exception, made, reason="登记错了人")


def stands(scene: Scene) -> Any:
    with whole_county("test"):
        return episodes.kept([scene.old.pk])[scene.old.pk]


def groups(scene: Scene, year: int = YEAR) -> dict[int, Group]:
    with whole_county("test"):
        found = selected.standings(scene.cast.first_primary, year)
        assert len({item.enrolment.pk for item in found}) == len(found)
        lists = selected.class_lists(found, year)
        assert sum(item.moves_up + len(item.others) for item in lists) == len(found)
        assert sum(selected.counts(found).values()) == len(found)
    return {item.enrolment.pk: item.group for item in found}


def test_nobody_is_written_when_there_is_no_exception(scene: Scene) -> None:
    before = stands(scene)
    made = confirm(scene)
    assert stands(scene) == before
    assert made.counts == {group.value: 0 for group in Group} | {"moves_up": 1}
    event = events_of("organisations.unit", scene.cast.first_primary.pk)[0]
    assert event.action == "people.confirm_year"


def test_held_back_the_pupil_sits_in_the_younger_class_from_the_day_and_back_again(scene: Scene) -> None:
    before, room = stands(scene), scene.seen["younger"]
    made = except_(scene)
    now = stands(scene)
    assert (now["cohort_year"], now["classroom_id"]) == (2025, room.pk)
    assert [seat[1:] for seat in now["seats"]] == [
        [scene.cast.first_class.pk, "2024-09-01", "2025-09-02"], [room.pk, "2025-09-02", None],
    ]  # fmt: skip
    assert groups(scene)[scene.old.pk] == Group.HELD_BACK
    event = events_of("people.person", scene.child.pk)[0]
    assert (event.action, event.note) == ("people.hold_back", "因病缺课过多")
    undo(scene, made)
    assert stands(scene) == before
    assert groups(scene)[scene.old.pk] == Group.MOVES_UP
    with pytest.raises(Refused, match="已经撤销"):
        undo(scene, made)
    except_(scene)


def test_a_pupil_skips_into_the_older_class_and_back_again(scene: Scene) -> None:
    before = stands(scene)
    made = except_(scene, "let_skip", reason="学业优异")
    assert stands(scene)["cohort_year"] == 2023
    assert groups(scene)[scene.old.pk] == Group.SKIPPED
    undo(scene, made)
    assert stands(scene) == before


def test_after_another_change_it_is_not_undone(scene: Scene) -> None:
    made = except_(scene)
    other = ClassroomFactory(school=scene.cast.first_primary, cohort_year=2025, number=2)
    with whole_county("test"):
        ClassMembership.objects.filter(enrolment=scene.old, ended_on=None).update(classroom=other)
    before = stands(scene)
    with pytest.raises(Refused, match="另有变动"):
        undo(scene, made)
    assert stands(scene) == before


def test_every_pupil_is_in_exactly_one_group(scene: Scene) -> None:
    school, room = scene.cast.first_primary, scene.cast.first_class
    with whole_county("test"):
        facts: dict[str, Any] = {"school": school}
        away = EnrolmentFactory(**facts, status="suspended", classroom=room)
        gone = EnrolmentFactory(
            **facts, status="left", ended_on=date(2025, 3, 1), exit_reason="transferred", classroom=room
        )
        unseated = EnrolmentFactory(**facts)
        last = ClassroomFactory(school=school, cohort_year=2019, number=1)
        leaver = MembershipFactory(classroom=last, enrolment__cohort_year=2019).enrolment
        new = MembershipFactory(
            classroom=scene.seen["younger"], enrolment__cohort_year=2025, enrolment__entered_on=date(2025, 8, 28)
        ).enrolment
        long_gone = EnrolmentFactory(**facts, status="left", entered_on=date(2023, 9, 1), ended_on=date(2024, 9, 1),
                                     exit_reason="transferred")  # fmt: skip
    found = groups(scene)
    assert found == {
        scene.old.pk: Group.MOVES_UP, away.pk: Group.SUSPENDED, gone.pk: Group.LEFT, unseated.pk: Group.NO_CLASS,
        leaver.pk: Group.GRADUATES,
    }  # fmt: skip
    assert {new.pk, long_gone.pk}.isdisjoint(found)
    page = scene.cast.client("head").get(reverse("promotion-school", args=(school.pk, YEAR))).content.decode()
    assert "六年级（1）班：毕业年级" in page
    assert "未编班的学生" in page
    assert "2025 年 3 月 1 日 转出" in page.replace("\xa0", " ")


FACTS = st.builds(
    Facts,
    stage=st.sampled_from(Stage.values),
    cohort_year=st.integers(2010, 2030),
    status=st.sampled_from(EnrolmentStatus.values),
    exit_reason=st.sampled_from(["", *ExitReason.values]),
    has_class=st.booleans(),
    exception=st.sampled_from(["", *PromotionKind.values]),
)


@given(facts=FACTS, year=st.integers(2020, 2030))
def test_whatever_the_facts_there_is_one_group_and_an_exception_only_for_who_can_move(facts: Facts, year: int) -> None:
    group = group_of(facts, year)
    assert group in Group
    assert (group == Group.LEFT) <= bool(facts.exit_reason)
    assert (group == Group.MOVES_UP) <= (facts.has_class and not facts.exit_reason and not facts.exception)
    for kind in PromotionKind:
        reason = exception_wrong(kind, facts, year, knows_rule=True)
        assert reason is None or reason.endswith("。")
        if reason is None:
            assert group in {Group.MOVES_UP, Group.NO_CLASS, Group.GRADUATES}
            after = year - facts.cohort_year + (0 if kind == PromotionKind.HELD_BACK else 2)
            assert after <= STAGE_YEARS[Stage(facts.stage)] or kind == PromotionKind.HELD_BACK


def test_there_is_a_rule_for_every_stage() -> None:
    for kind, stage in product(PromotionKind.values, Stage.values):
        assert stage_rule(kind, stage).basis


def test_staying_down_in_compulsory_school_asks_whether_the_rule_is_known(scene: Scene) -> None:
    with pytest.raises(Refused, match="一般不实行留级制度"):
        except_(scene, knows_rule=False)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"reason": " "}, "没有写明理由"),
    ({"changed_on": date(2025, 8, 31)}, "换班日期应在"),
    ({"changed_on": date(2025, 9, 4)}, "换班日期应在"),
    ({"year": 2026}, "2026"),
])  # fmt: skip
def test_what_cannot_be_recorded_is_refused(scene: Scene, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        except_(scene, **changes)


def test_the_class_must_be_of_the_grade_and_the_pupil_of_the_school_s_list(scene: Scene) -> None:
    with pytest.raises(Refused, match="不是本校相应年级的班"):
        except_(scene, classroom=scene.seen["older"])
    except_(scene)
    with pytest.raises(Refused, match="已登记过升级例外"):
        except_(scene, "let_skip", classroom=scene.cast.first_class)
    with whole_county("test"):
        new = EnrolmentFactory(school=scene.cast.first_primary, cohort_year=2025, entered_on=date(2025, 9, 1))
    with pytest.raises(Refused, match="不在升级名单内"):
        except_(scene, enrolment=new)


@pytest.mark.parametrize("part", ["head", "other_registrar", "class_teacher", "auditor", "county_officer"])
def test_only_the_school_s_registrar_records(scene: Scene, part: str) -> None:
    made = except_(scene)
    with pytest.raises(Refused, match="没有这项权限"):
        undo(scene, made, part)
    with pytest.raises(Refused, match="没有这项权限"):
        except_(scene, "hold_back", part)


@pytest.mark.parametrize("part", ["registrar", "other_head", "county_officer"])
def test_only_the_school_s_head_confirms(scene: Scene, part: str) -> None:
    with pytest.raises(Refused, match="没有这项权限"):
        confirm(scene, part)


def test_confirmed_the_list_is_closed_until_the_county_reopens_it(scene: Scene) -> None:
    made = except_(scene)
    assert confirm(scene).counts["held_back"] == 1
    for refused in (lambda: undo(scene, made), lambda: except_(scene, "let_skip"), lambda: confirm(scene)):
        with pytest.raises(Refused, match="校长已经确认"):
            refused()
    with pytest.raises(Refused, match="没有这项权限"):
        scene.act("head", promotion.reopen_year, scene.cast.first_primary, YEAR, reason="漏了一人")
    with pytest.raises(Refused, match="没有写明理由"):
        scene.act("county_officer", promotion.reopen_year, scene.cast.first_primary, YEAR, reason="")
    scene.act("county_officer", promotion.reopen_year, scene.cast.first_primary, YEAR, reason="漏了一人")
    undo(scene, made)
    assert confirm(scene).counts["held_back"] == 0


def test_before_the_year_begins_it_is_only_looked_at(scene: Scene) -> None:
    with pytest.raises(Refused, match="才开始"):
        confirm(scene, year=2026)
    page = scene.cast.client("head").get(reverse("promotion-school", args=(scene.cast.first_primary.pk, 2026)))
    assert "只供预览" in page.content.decode()


def test_the_pages_say_why_and_lead_to_what_can_be_done(scene: Scene) -> None:
    school, registrar = scene.cast.first_primary, scene.cast.client("registrar")
    page = registrar.get(reverse("pupils-detail", args=(scene.old.pk,)))
    hrefs = {action.label: action.href for action in page.context["page"].actions}
    assert "一般不实行留级制度" in registrar.get(hrefs["留级"]).content.decode()
    answer = registrar.post(hrefs["留级"], {
        "classroom": scene.seen["younger"].pk, "changed_on": "2025-09-02", "reason": "因病缺课过多", "knows_rule": "on",
    })  # fmt: skip
    assert answer.status_code == 302
    listed = registrar.get(reverse("promotion"), follow=True).content.decode()
    assert "编入一年级（1）班；因病缺课过多" in listed
    made = PromotionException.unguarded.get()
    assert reverse("promotion-undo", args=(made.pk,)) in listed
    head = scene.cast.client("head")
    assert head.post(reverse("promotion-confirm", args=(school.pk, YEAR))).status_code == 302
    officer = scene.cast.client("county_officer")
    assert "已确认" in officer.get(reverse("promotion"), {"year": str(YEAR)}).content.decode()
    again = {"reason": "漏了一人"}
    assert officer.post(reverse("promotion-reopen", args=(school.pk, YEAR)), again).status_code == 302
    assert registrar.post(reverse("promotion-undo", args=(made.pk,)), again).status_code == 302
    assert Enrolment.unguarded.get(pk=scene.old.pk).cohort_year == 2024


def test_the_pages_of_others_do_not_exist(scene: Scene) -> None:
    school, made = scene.cast.first_primary, except_(scene)
    pages = [
        reverse("promotion-school", args=(school.pk, YEAR)), reverse("promotion-confirm", args=(school.pk, YEAR)),
        reverse("promotion-undo", args=(made.pk,)),
    ]  # fmt: skip
    for part in ("other_head", "other_registrar", "aid_officer", "stranger"):
        assert {scene.cast.client(part).get(page).status_code for page in pages} == {404}, part
    assert scene.cast.client("stranger").get(reverse("promotion")).status_code == 403
    assert scene.cast.client("other_registrar").get(
        reverse("promotion-hold-back", args=(scene.old.pk,))
    ).status_code == 404  # fmt: skip


def test_a_past_class_list_still_names_the_grade_of_then(scene: Scene) -> None:
    except_(scene)
    page = scene.cast.client("registrar").get(reverse("pupils-list"), {"on": "2024-10-15"}).content.decode()
    assert "一年级" in page
