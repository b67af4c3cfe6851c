"""Taking back persons that an import made, as long as nothing else has come to know them."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person, Qualification, StaffPost
from xianxue.people.services.numbers import batches

OWN = {"people"}


def known_elsewhere(people: Collection[int]) -> dict[int, str]:
    """Persons about whom another part of the house has rows, each with the reason why they must stay."""
    found: dict[int, str] = {}
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label in OWN:
            continue
        name = relation.field.name
        for batch in batches(people):
            rows = model._default_manager.filter(**{f"{name}__in": batch})
            reason = _("已有“%(what)s”记录，不能撤回。请先处理那些记录。") % {"what": model._meta.verbose_name}
            found.update(dict.fromkeys(rows.values_list(f"{name}_id", flat=True).distinct(), reason))
    return found


def remove_strangers(people: Iterable[int]) -> None:
    """Delete those of the persons who are nothing any more: not pupil, guardian or staff, and known nowhere else."""
    candidates = set(people)
    for batch in batches(sorted(candidates)):
        for model, name in ((Enrolment, "person_id"), (StaffPost, "person_id"), (GuardianLink, "guardian_id")):
            rows = model.objects.filter(**{f"{name}__in": batch})
            candidates.difference_update(rows.values_list(name, flat=True))
    candidates -= set(known_elsewhere(candidates))
    bulk.delete(Identifier, "person", candidates)
    bulk.delete(Qualification, "person", candidates)
    bulk.delete(Person, "id", candidates)
