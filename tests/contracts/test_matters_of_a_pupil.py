"""The page of a pupil lists the matters about the child, of every procedure, to whoever reads that procedure."""

import pytest

from tests.contracts.declared import openers
from tests.contracts.stage import Stage
from xianxue.kernel.access import in_reach
from xianxue.kernel.procedures import Procedure, all_procedures
from xianxue.kernel.procedures.selectors import matters_about, visible_matter
from xianxue.people.models import ChildMatter, Enrolment, Person

ABOUT_A_CHILD = [item for item in all_procedures() if issubclass(item.subject, ChildMatter)]


@pytest.mark.parametrize("procedure", ABOUT_A_CHILD, ids=lambda item: item.code)
def test_a_matter_about_a_child_stands_on_its_page_for_its_readers(stage: Stage, procedure: type[Procedure]) -> None:
    subject = openers()[procedure.code].open(stage.cast)
    for part in ("registrar", "class_teacher", "county_officer", "auditor", "aid_officer", "other_head"):
        with in_reach(stage.cast.reach(part)) as reach:
            listed = matters_about(Person, "pupil", subject.pupil_id)
            may_read = bool(procedure.read.scope(reach)) and visible_matter(subject.matter.pk) is not None
            assert (subject.matter.pk in {matter.pk for matter in listed}) is may_read, part
            assert all(visible_matter(matter.pk) for matter in listed), part
    enrolment = Enrolment.unguarded.filter(person_id=subject.pupil_id).order_by("-pk").first()
    if enrolment is not None:
        page = stage.cast.client("county_officer").get(f"/registers/pupils/{enrolment.pk}/")
        assert (page.status_code, f'href="/matters/{subject.matter.pk}/"' in page.content.decode()) == (200, True)
