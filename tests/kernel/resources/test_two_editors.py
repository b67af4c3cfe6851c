"""Two people at the same record: nobody takes back unseen what the other wrote."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from tests.cast import Cast, make_cast
from tests.contracts.declared import samples
from xianxue.kernel import resources
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import get
from xianxue.kernel.sheets.single import marks_of, present, save_one
from xianxue.people.models import Enrolment, Person

pytestmark = pytest.mark.postgres


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(date(2024, 10, 15), tick=True):
        yield make_cast()


@pytest.fixture
def pupil(cast: Cast) -> Enrolment:
    made = samples()["pupils"].make(cast, cast.first_primary, 0)
    assert isinstance(made, Enrolment)
    Person.unguarded.filter(pk=made.person_id).update(name="张小明")
    return made


def filled(answer: Any) -> dict[str, str]:
    """What a browser would send back of a form, nothing touched."""
    form = answer.context["page"].form
    return {field.html_name: _text(field.value()) for field in form}


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, dict) else "" if value is None else str(value)


def test_the_second_editor_sees_what_the_first_wrote_before_anything_is_saved(cast: Cast, pupil: Enrolment) -> None:
    address = resources.get("pupils").url("edit", pupil.pk)
    first, second = cast.client("registrar"), cast.client("county_officer")
    mine, theirs = filled(first.get(address)), filled(second.get(address))
    assert first.post(address, mine | {"address": "新街 1 号"}).status_code == 302
    refused = second.post(address, theirs | {"household_place": "万载县"})
    assert refused.status_code == 422
    assert "您打开这一页之后，别人改过：现住址。这几格已换成现在的内容，请核对后再保存。" in refused.content.decode()
    assert Person.unguarded.get(pk=pupil.person_id).household_place != "万载县"
    again = second.post(address, filled(refused))
    assert again.status_code == 302
    person = Person.unguarded.get(pk=pupil.person_id)
    assert (person.address, person.household_place) == ("新街 1 号", "万载县")


def test_marks_tell_nothing_of_what_is_sealed(cast: Cast, pupil: Enrolment) -> None:
    page = cast.client("registrar").get(resources.get("pupils").url("edit", pupil.pk)).content.decode()
    sheet = get("pupils")
    with in_reach(cast.reach("registrar")):
        values = present(sheet, pupil.person_id)
    hidden = [value for column in sheet.columns if column.sealed and (value := values[column.name])]
    assert hidden
    assert [text for text in hidden if text in page] == []


def test_the_command_itself_refuses_a_record_that_moved_on(cast: Cast, pupil: Enrolment) -> None:
    sheet, by = get("pupils"), Actor(None, "测试员")
    with in_reach(cast.reach("registrar")):
        marks = marks_of(sheet, present(sheet, pupil.person_id))
        save_one(sheet, {"address": "新街 1 号"}, by=by, pk=pupil.person_id, seen=marks)
        with pytest.raises(Refused, match="未能保存：别人刚刚改过这条记录。"):
            save_one(sheet, {"address": "旧街 2 号"}, by=by, pk=pupil.person_id, seen=marks)
    assert Person.unguarded.get(pk=pupil.person_id).address == "新街 1 号"
