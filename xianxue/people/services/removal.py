"""Taking back persons that an import made, as long as nothing else has come to know them."""

from collections.abc import Collection, Iterable

from django.apps import apps

from xianxue.kernel import bulk
from xianxue.organisations.services import referenced
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person, Qualification, StaffPost


def known_elsewhere(people: Collection[int]) -> dict[int, str]:
    """Persons about whom another part of the house has rows, each with the reason why they must stay."""
    return referenced(Person, people, apart_from=apps.get_app_config("people").get_models())


def remove_strangers(people: Iterable[int]) -> None:
    """Delete those of the persons who are nothing any more: not pupil, guardian or staff, and known nowhere else."""
    candidates = set(people)
    for model, name in ((Enrolment, "person_id"), (StaffPost, "person_id"), (GuardianLink, "guardian_id")):
        rows = model.objects.filter(**{f"{name}__among": sorted(candidates)})
        candidates.difference_update(rows.values_list(name, flat=True))
    candidates -= set(known_elsewhere(candidates))
    bulk.delete(Identifier, "person", candidates)
    bulk.delete(Qualification, "person", candidates)
    bulk.delete(Person, "id", candidates)
