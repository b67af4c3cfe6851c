"""Taking back persons that an import made, as long as nothing else has come to know them."""

from collections.abc import Collection, Iterable

from django.apps import apps

from xianxue.kernel import bulk
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.organisations.services import referenced
from xianxue.people.models import (
    DuplicatePair,
    Enrolment,
    GuardianLink,
    Identifier,
    Person,
    Qualification,
    StaffPost,
)


def known_elsewhere(people: Collection[int]) -> dict[int, str]:
    """Persons about whom another part of the house has rows, or matters were opened, with the reason why they must stay.

    Of this app's own tables only those are left out that are taken back with the person.
    """
    own = [model for model in apps.get_app_config("people").get_models() if not issubclass(model, MatterSubject)]
    return referenced(Person, people, apart_from=own)


def remove_strangers(people: Iterable[int]) -> None:
    """Delete those of the persons who are nothing any more: not pupil, guardian or staff, and known nowhere else.

    Who was merged with somebody stays: taking the merge back needs both records.
    """
    candidates = set(people)
    merged = Person.objects.filter(pk__among=sorted(candidates), merged_into__isnull=False)
    candidates.difference_update(merged.values_list("pk", flat=True))
    rows_of = (
        (Enrolment, "person_id"),
        (StaffPost, "person_id"),
        (GuardianLink, "guardian_id"),
        (Person, "merged_into_id"),
    )
    for model, name in rows_of:
        rows = model.objects.filter(**{f"{name}__among": sorted(candidates)})
        candidates.difference_update(rows.values_list(name, flat=True))
    candidates -= set(known_elsewhere(candidates))
    for side in ("first", "second"):
        bulk.delete(DuplicatePair, side, candidates)
    bulk.delete(Identifier, "person", candidates)
    bulk.delete(Qualification, "person", candidates)
    bulk.delete(Person, "id", candidates)
