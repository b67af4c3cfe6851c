"""The contract of every procedure, tried over all that are registered.

A new procedure is covered by an `Opener` in the app's samples.py, and fails the suite without one.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.cast import PARTS
from tests.contracts.declared import openers
from tests.contracts.stage import Stage
from tests.kernel.procedures.waiting import todos_for
from xianxue.kernel.access import Actor, Reach, in_reach, system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.procedures import Procedure, Step, all_procedures
from xianxue.kernel.procedures.catalogue import may_read
from xianxue.kernel.procedures.drawing import every_state, of_procedure
from xianxue.kernel.procedures.models import Matter, Party, StepRecord, Todo
from xianxue.kernel.procedures.selectors import visible_matter
from xianxue.supervision.under_way import open_matters

every_procedure = pytest.mark.parametrize("procedure", all_procedures(), ids=lambda item: item.code)


class Case:
    """A matter of the procedure, begun by the cast."""

    def __init__(self, stage: Stage, procedure: type[Procedure]) -> None:
        self.cast, self.procedure = stage.cast, procedure
        self._reaches: dict[str, Reach] = {}
        self.subject = openers()[procedure.code].open(stage.cast)
        self.matter: Matter = self.subject.matter

    def put(self, state: str) -> None:
        """Let the matter stand in a state, however it came there."""
        is_final = self.procedure.state(state).is_final
        Matter.unguarded.filter(pk=self.matter.pk).update(
            state=state, finished_on=timezone.localdate() if is_final else None
        )

    def units(self) -> dict[str, int]:
        return dict(Party.objects.filter(matter=self.matter, released_on=None).values_list("place", "unit_id"))

    def reach(self, part: str) -> Reach:
        """The part's reach, asked for once: no test here gives a role away or makes a unit."""
        if part not in self._reaches:
            self._reaches[part] = self.cast.reach(part)
        return self._reaches[part]

    def is_actor(self, part: str, step: Step, units: Mapping[str, int] | None = None) -> bool:
        unit = (self.units() if units is None else units).get(step.at)
        return unit is not None and unit in step.by.scope(self.reach(part))

    def sees(self, part: str) -> bool:
        scope = self.procedure.read.scope(self.reach(part))
        return any(unit in scope for unit in self.units().values())

    def run(self, part: str, step: Step) -> Any:
        user = self.cast.users[part]
        with in_reach(self.reach(part)):
            return step.run(self.subject, by=Actor(user.pk, user.name), note="理由")

    def readers(self) -> list[str]:
        return [part for part in PARTS if self.sees(part)]


def following(procedure: type[Procedure]) -> Iterator[Step]:
    return (step for step in procedure.steps.values() if not step.opens)


@pytest.fixture
def case(stage: Stage, procedure: type[Procedure], settings: Settings, tmp_path: Path) -> Case:
    settings.VAR_DIR = tmp_path
    return Case(stage, procedure)


def test_every_procedure_has_an_opener_and_no_opener_is_left_over() -> None:
    assert sorted(openers()) == sorted(item.code for item in all_procedures()), "see tests/contracts/declared.py"


@pytest.mark.postgres
@every_procedure
def test_an_opened_matter_waits_for_somebody_and_leaves_its_trace(case: Case) -> None:
    matter = case.matter
    assert case.procedure.state(matter.state).code == matter.state
    assert matter.unit_id in case.units().values()
    (row,) = StepRecord.objects.filter(matter=matter)
    assert (row.number, row.from_state, row.to_state) == (1, "", matter.state)
    assert Event.objects.filter(seq=row.event_seq, subject_type="procedures.matter", subject_id=matter.pk).exists()
    assert Todo.objects.filter(matter=matter).exists()
    assert set(case.units()) <= set(case.procedure.places)
    waits = [part for part in PARTS if part_waits(case, part)]
    assert waits, "nobody of the cast finds it on the to-do list"


def part_waits(case: Case, part: str) -> bool:
    return todos_for(case.reach(part)).filter(matter=case.matter).exists()


@every_procedure
def test_every_step_is_refused_with_a_reason_to_all_who_may_not_do_it_from_every_state(case: Case) -> None:
    for state in case.procedure.states:
        case.put(state.code)
        before, units = Event.objects.count(), case.units()
        for step in following(case.procedure):
            actors = [part for part in PARTS if case.is_actor(part, step, units)]
            # From another state nobody may: tried by those who otherwise could, and by one who never can.
            here = [part for part in PARTS if part not in actors]
            for part in here if state.code in step.states else [*actors, "stranger"]:
                with pytest.raises(Refused) as refused:
                    case.run(part, step)
                assert refused.value.message.endswith("。"), (step.code, part, refused.value.message)
        assert Matter.unguarded.get(pk=case.matter.pk).state == state.code
        assert Event.objects.count() == before


@every_procedure
def test_the_system_does_no_step_that_is_not_declared_for_it(case: Case) -> None:
    for step in following(case.procedure):
        if step.by_system:
            continue
        for state in step.states:
            case.put(state)
            with whole_county("test"), pytest.raises(Refused, match="系统不能代办"):
                step.run(case.subject, by=system_actor("task"), note="理由")


@every_procedure
def test_duties_that_must_stay_apart_stay_apart(case: Case) -> None:
    first = StepRecord.objects.get(matter=case.matter)
    for step in following(case.procedure):
        for earlier in step.not_by:
            for part in PARTS:
                if not case.is_actor(part, step):
                    continue
                user = case.cast.users[part]
                StepRecord.objects.filter(pk=first.pk).update(step=earlier, user_id=user.pk)
                case.put(step.states[0])
                with pytest.raises(Refused, match="须由另一人办理"):
                    case.run(part, step)
                assert not part_waits(case, part) or _waits_for_another(case, step, part)


def _waits_for_another(case: Case, step: Step, part: str) -> bool:
    """Whether the state also waits for another step that the person may do."""
    others = case.procedure.steps_from(step.states[0])
    return any(other is not step and not other.optional and case.is_actor(part, other) for other in others)


@every_procedure
def test_a_matter_is_there_for_its_readers_alone(case: Case) -> None:
    assert case.readers(), "nobody of the cast reads it"
    for part in PARTS:
        with in_reach(case.reach(part)):
            assert (visible_matter(case.matter.pk) is not None) == case.sees(part), part
            assert open_matters().filter(pk=case.matter.pk).exists() == case.sees(part), part


@every_procedure
def test_pages_open_to_the_readers_and_do_not_exist_for_the_others(case: Case, stage: Stage) -> None:
    matter = case.matter
    pages = [reverse(name, args=(matter.pk,)) for name in ("matter", "matter-record")]
    pages.append(reverse("matters-detail", args=(matter.pk,)))
    steps = [reverse("matter-step", args=(matter.pk, step.code)) for step in following(case.procedure)][:1]
    for sees, part in stage.one_of_each(case.sees).items():
        client = case.cast.client(part)
        if sees:
            assert {client.get(page).status_code for page in pages} == {200}, part
            assert {client.get(page).status_code for page in steps} <= {200, 403, 409}, part
        else:
            assert {client.get(page).status_code for page in [*pages, *steps]} == {404}, part
            assert {client.post(page).status_code for page in steps} == {404}, part
            listed = client.get(reverse("todo-units")).content.decode()
            assert reverse("matter", args=(matter.pk,)) not in listed
    nobody = case.cast.client("nobody")
    assert {nobody.get(page).status_code for page in [*pages, *steps]} == {302}


@every_procedure
def test_each_step_s_page_opens_to_its_actors_and_says_no_to_the_others(case: Case) -> None:
    for step in following(case.procedure):
        case.put(step.states[0])
        actors = [part for part in PARTS if case.is_actor(part, step) and case.sees(part)]
        others = [part for part in case.readers() if part not in actors]
        for part, allowed in [*((part, {200, 403}) for part in actors[:1]), *((part, {403}) for part in others[:1])]:
            answer = case.cast.client(part).get(reverse("matter-step", args=(case.matter.pk, step.code)))
            assert answer.status_code in allowed, (step.code, part)


@every_procedure
def test_a_start_page_opens_to_those_who_may_start(case: Case, stage: Stage) -> None:
    """Where the procedure starts from a row, the page without one leads to the list of rows."""
    _register, row = case.procedure.starts_from
    for step in case.procedure.opening():
        href = reverse("matter-start", args=(case.procedure.code, step.code))

        def decide(part: str, step: Step = step) -> tuple[bool, bool]:
            with in_reach(case.reach(part)):
                return bool(step.by.scope(case.reach(part))), may_read(case.procedure)

        for (may, reads), part in stage.one_of_each(decide).items():
            status = case.cast.client(part).get(href, {row: 1} if row else {}).status_code
            assert status == (200 if may else 403 if reads else 404), part
            if row and may:
                absent = case.cast.client(part).get(href, {row: 999_999})
                assert absent.status_code == 200, (part, "a row that is not there")
            bare = case.cast.client(part).get(href).status_code
            assert bare == (302 if row and may else status), part


@every_procedure
def test_a_unit_that_was_released_finds_nothing_anywhere(case: Case) -> None:
    Party.objects.filter(matter=case.matter).update(released_on=timezone.localdate())
    for part in PARTS:
        with in_reach(case.reach(part)):
            assert visible_matter(case.matter.pk) is None
            scope = case.reach(part).units
            assert scope.every or not type(case.subject).objects.filter(pk=case.subject.pk).exists()
    for part in ("county_officer", "registrar", "other_registrar"):
        assert case.cast.client(part).get(reverse("matter", args=(case.matter.pk,))).status_code == 404


@every_procedure
def test_the_drawing_and_the_catalogue_show_every_state_and_step(case: Case) -> None:
    drawing = of_procedure(case.procedure)
    assert every_state(drawing) == {state.code for state in case.procedure.states}
    assert {node.code for node in drawing.nodes if node.kind == "step"} == set(case.procedure.steps)
    text = case.cast.client(case.readers()[0]).get(reverse("procedure", args=(case.procedure.code,))).content.decode()
    for state in case.procedure.states:
        assert str(state.label) in text
    for step in case.procedure.steps.values():
        assert str(step.label) in text
