"""Restricted facts: closed without a purpose, noted when read, and emergencies judged by another person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.cast import TODAY, Cast, make_cast
from tests.factories.people import MembershipFactory, PersonFactory
from tests.triggers import lifted
from xianxue.kernel import restricted
from xianxue.kernel.access import Actor, in_reach, system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.restricted import selectors, services
from xianxue.kernel.restricted.models import Opening, ReadRecord
from xianxue.kernel.restricted.tasks import seal_days_past
from xianxue.people.models import Enrolment

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 10, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=False):
        yield make_cast()


@pytest.fixture
def pupil(cast: Cast) -> Enrolment:
    person = PersonFactory(name="周小明", health="4", blood_type="1")
    made: Enrolment = MembershipFactory(
        classroom=cast.first_class, enrolment__person=person, enrolment__disability="1", enrolment__is_orphan=True
    ).enrolment
    return made


def actor(cast: Cast, part: str) -> Actor:
    user = cast.users[part]
    return Actor(user.pk, user.name)


def open_for(cast: Cast, part: str, domain: str = "special", purpose: str = "care") -> Opening:
    with in_reach(cast.reach(part)):
        return services.open_domain(restricted.get(domain), purpose=purpose, by=actor(cast, part))


def page_of(cast: Cast, part: str, pupil: Enrolment) -> str:
    answer = cast.client(part).get(reverse("pupils-detail", args=(pupil.pk,)))
    assert answer.status_code == 200
    return str(answer.content.decode())


def facts_of(cast: Cast, part: str, pupil: Enrolment) -> dict[str, str]:
    answer = cast.client(part).get(reverse("pupils-detail", args=(pupil.pk,)))
    panel = next(panel for panel in answer.context["page"].panels if panel.title == "特殊情况")
    return {fact.label: fact.text for fact in panel.facts}


def test_without_a_purpose_nobody_sees_whether_there_is_anything(cast: Cast, pupil: Enrolment) -> None:
    other = MembershipFactory(classroom=cast.first_class).enrolment
    assert set(facts_of(cast, "class_teacher", pupil).values()) == {"••••"}
    assert facts_of(cast, "class_teacher", pupil) == facts_of(cast, "class_teacher", other)
    assert not ReadRecord.unguarded.exists()


def test_a_clock_that_was_set_back_opens_nothing(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "class_teacher")
    with time_machine.travel(NOW - timedelta(hours=1), tick=False):
        assert set(facts_of(cast, "class_teacher", pupil).values()) == {"••••"}
    assert not ReadRecord.unguarded.exists()


def test_with_a_purpose_the_facts_are_shown_and_every_look_is_noted(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "class_teacher")
    assert facts_of(cast, "class_teacher", pupil)["是否孤儿"] == "是"
    facts_of(cast, "class_teacher", pupil)
    with in_reach(cast.reach("head")):
        found = [(item.reader, item.subject_label, item.purpose_shown) for item in selectors.records_in_oversight()]
    assert found == [(cast.users["class_teacher"].name, "周小明", "关爱帮扶")] * 2


def test_a_purpose_lasts_half_an_hour(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "class_teacher")
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        assert set(facts_of(cast, "class_teacher", pupil).values()) == {"••••"}


def test_a_posting_that_ends_closes_what_was_opened(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "registrar")
    posting = cast.users["registrar"].postings.get()
    posting.ended_on = TODAY - timedelta(days=1)
    posting.save(update_fields=["ended_on"])
    with in_reach(cast.reach("registrar")):
        assert selectors.open_now(restricted.get("special"), units=[cast.first_primary.pk]) is None


def test_an_opening_does_not_reach_the_neighbour_school(cast: Cast) -> None:
    open_for(cast, "registrar")
    with in_reach(cast.reach("registrar")):
        assert selectors.open_now(restricted.get("special"), units=[cast.second_primary.pk]) is None


@pytest.mark.parametrize(("part", "purpose", "reason"), [
    ("head", "care", "您没有查阅“特殊情况”的权限"),
    ("auditor", "care", "您没有查阅“特殊情况”的权限"),
    ("registrar", "", "没有选择查阅目的"),
    ("registrar", "curiosity", "没有选择查阅目的"),
])  # fmt: skip
def test_a_domain_is_not_opened_without_grant_or_purpose(cast: Cast, part: str, purpose: str, reason: str) -> None:
    with in_reach(cast.reach(part)), pytest.raises(Refused, match=reason):
        services.open_domain(restricted.get("special"), purpose=purpose, by=actor(cast, part))
    assert not Opening.unguarded.exists()


def test_a_list_chosen_by_restricted_facts_is_noted_with_its_length(cast: Cast, pupil: Enrolment) -> None:
    MembershipFactory(classroom=cast.first_class)
    client = cast.client("registrar")
    closed = client.get(reverse("pupils-list"), {"is_orphan": "1", "status": "every"})
    assert closed.context["page"].table.total == 2
    assert "is_orphan" not in {control.name for control in closed.context["page"].table.filters}
    open_for(cast, "registrar")
    found = client.get(reverse("pupils-list"), {"is_orphan": "1", "status": "every"})
    assert found.context["page"].table.total == 1
    (noted,) = ReadRecord.unguarded.all()
    assert (noted.people, noted.what, noted.subject_id) == (1, "按是否孤儿筛选学生名单", None)


def test_the_form_neither_shows_nor_clears_what_is_restricted(cast: Cast, pupil: Enrolment) -> None:
    form = cast.client("registrar").get(reverse("pupils-edit", args=(pupil.pk,))).context["page"].form
    assert form.fields["is_orphan"].initial in {None, ""}
    assert "受限" in form.fields["is_orphan"].help_text
    assert "is_orphan" in form.kept_back
    open_for(cast, "registrar")
    form = cast.client("registrar").get(reverse("pupils-edit", args=(pupil.pk,))).context["page"].form
    assert form.fields["is_orphan"].initial == "1"


def break_glass(cast: Cast, pupil: Enrolment, part: str = "head", **given: object) -> Opening:
    values = {"reason": "孩子在校晕倒送医，医生问病史", "hours": 1, **given}
    with in_reach(cast.reach(part)):
        return services.break_glass(
            restricted.get("special"),
            subject=Subject("people.person", pupil.person_id, "周小明"),
            units=[pupil.school_id, pupil.classroom_id],
            by=actor(cast, part),
            **values,  # type: ignore[arg-type]  # reason and hours, or what a test puts in their place
        )


def test_breaking_the_glass_opens_one_child_for_some_hours_and_says_why(cast: Cast, pupil: Enrolment) -> None:
    other = MembershipFactory(classroom=cast.first_class).enrolment
    break_glass(cast, pupil)
    assert facts_of(cast, "head", pupil)["是否孤儿"] == "是"
    assert facts_of(cast, "head", other)["是否孤儿"] == "••••"
    (event,) = events_of("people.person", pupil.person_id)
    assert (event.action, event.note) == ("restricted.break_glass", "孩子在校晕倒送医，医生问病史")
    assert ReadRecord.unguarded.get().is_emergency
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert facts_of(cast, "head", pupil)["是否孤儿"] == "••••"


@pytest.mark.parametrize(("given", "reason"), [
    ({"part": "stranger"}, "不能紧急查阅"),
    ({"part": "registrar"}, "不能紧急查阅"),
    ({"reason": "急"}, "不足 10 个字"),
    ({"reason": " " * 20}, "不足 10 个字"),
    ({"hours": 5}, "1 至 4 小时"),
    ({"hours": 0}, "1 至 4 小时"),
])  # fmt: skip
def test_the_glass_is_not_broken_lightly(cast: Cast, pupil: Enrolment, given: dict[str, object], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        break_glass(cast, pupil, **given)  # type: ignore[arg-type]  # a part, or a wrong value
    assert not Opening.unguarded.exists()


def test_an_emergency_waits_for_the_overseer_and_is_judged_once_by_another(cast: Cast, pupil: Enrolment) -> None:
    opening = break_glass(cast, pupil)
    with in_reach(cast.reach("auditor")):
        assert list(selectors.emergencies()) == [opening]
    with in_reach(cast.reach("head")), pytest.raises(Refused, match="不能复核自己的"):
        services.judge(opening, verdict="justified", note="确有必要", by=actor(cast, "head"))
    with in_reach(cast.reach("auditor")):
        services.judge(opening, verdict="justified", note="确有必要", by=actor(cast, "auditor"))
        with pytest.raises(Refused, match="已经复核过"):
            services.judge(opening, verdict="unjustified", note="再看", by=actor(cast, "auditor"))
    opening.refresh_from_db()
    assert (opening.verdict, opening.judged_by) == ("justified", cast.users["auditor"].name)


def test_records_are_read_by_overseers_of_the_unit_alone(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "registrar")
    page_of(cast, "registrar", pupil)
    seen = {}
    for part in cast.users:
        with in_reach(cast.reach(part)):
            seen[part] = selectors.records_in_oversight().count()
    assert {part for part, count in seen.items() if count} == {"head", "auditor", "audit_admin"}


def test_a_day_is_sealed_once_and_a_changed_record_no_longer_fits(cast: Cast, pupil: Enrolment) -> None:
    open_for(cast, "registrar")
    page_of(cast, "registrar", pupil)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        seal_days_past()
        seal_days_past()
    assert Event.objects.filter(action="restricted.seal_reads").count() == 1
    (sealed,) = events_of(services.DAY, TODAY.toordinal())
    with whole_county("test"):
        assert services.reads_digest(TODAY) == (1, sealed.facts["digest"])
        with pytest.raises(DatabaseError), transaction.atomic():
            ReadRecord.unguarded.update(what="别的")
        with lifted():
            ReadRecord.unguarded.update(what="别的")
        assert services.reads_digest(TODAY) != (1, sealed.facts["digest"])


def test_a_day_without_reading_leaves_no_event(cast: Cast) -> None:
    services.seal_reads(TODAY, by=system_actor("task"))
    assert not Event.objects.filter(action="restricted.seal_reads").exists()
