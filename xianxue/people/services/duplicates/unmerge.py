"""A merge taken back: every row returns to where the event says it was, or nothing does."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.history.selectors import entries
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair, Person
from xianxue.people.rules import name_initials, name_pinyin
from xianxue.people.selectors.duplicates.conflicts import person_label
from xianxue.people.selectors.duplicates.references import by_code, open_matters
from xianxue.people.services.duplicates.merge import PERSON, rename_head_teachers
from xianxue.people.services.duplicates.rows import from_text, model_of, text_of
from xianxue.people.services.persons import phone_digests

Facts = Mapping[str, Any]
Changes = Mapping[str, Any]


def unmerge(pair: DuplicatePair, *, reason: str) -> None:
    """Restore both records inside the running command, or refuse with what stands against it. In the whole county."""
    found = entries([pair.merge_seq]) if pair.merge_seq else []
    if not found or "moved" not in found[0].facts:
        raise Refused(_("未能撤销合并：合并时的留痕内容已依法清除，无法知道原样。请按更正办理。"))
    facts, changes = found[0].facts, found[0].changes
    against = list(_against(facts, changes))
    if against:
        raise Refused(_("未能撤销合并：%(why)s请先处理，或按更正办理。") % {"why": "".join(against)})
    try:
        with transaction.atomic():
            _restore(facts, changes)
    except IntegrityError as error:
        raise Refused(_("未能撤销合并：合并之后新增的记录占了原来的位置。请先处理新增的记录。")) from error
    _record(facts, changes, reason)
    DuplicatePair.objects.filter(pk=pair.pk).update(
        state=DuplicateState.OPEN, merge_seq=None, decided_on=timezone.localdate(), reason=reason, choices={}
    )


def _against(facts: Facts, changes: Changes) -> list[str]:
    """What later changes make it impossible, each as a sentence."""
    found = []
    survivor = Person.objects.get(pk=facts["survivor"])
    if survivor.merged_into_id:
        found.append(_("保留的记录后来又并入了另一份记录。"))
    titles = sorted({matter.title for matter in open_matters(facts["survivor"], facts["merged"])})
    found.extend(_("有在办的事项“%(title)s”。") % {"title": title} for title in titles)
    for name, (_old, new) in changes.items():
        if text_of(survivor, name) != new:
            found.append(_("合并之后“%(what)s”又改过。") % {"what": person_label(name)})
    known = by_code()
    for code, keys in facts["moved"].items():
        reference = known.get(code)
        if reference is None or reference.rows(survivor.pk).filter(pk__among=keys).count() != len(keys):
            what = reference.model._meta.verbose_name if reference else code
            found.append(_("合并时转入的“%(what)s”后来有变动。") % {"what": what})
    for label, pk, values in facts["changed"]:
        row = model_of(label)._default_manager.filter(pk=pk).first()
        if row is None or any(text_of(row, name) != new for name, (_old, new) in values.items()):
            found.append(_("合并时调整的“%(what)s”后来又改过。") % {"what": model_of(label)._meta.verbose_name})
    return found


def _restore(facts: Facts, changes: Changes) -> None:
    """The other way round: what moved goes back first, then there is room for the rest."""
    known = by_code()
    for code, keys in facts["moved"].items():
        reference = known[code]
        reference.model._default_manager.filter(pk__among=keys).update(**{reference.name: facts["merged"]})
    for label, pk, values in reversed(facts["changed"]):
        model = model_of(label)
        old = {_attribute(model, name): before for name, (before, _new) in values.items()}
        model._default_manager.filter(pk=pk).update(**from_text(model, old))
    for label, values in facts["removed"]:
        model = model_of(label)
        row = from_text(model, values)
        bulk.insert(model, tuple(row), [tuple(row.values())])
    _restore_fields(facts["survivor"], changes)
    Person.objects.filter(pk=facts["merged"]).update(merged_into=None)
    rename_head_teachers(facts["survivor"], facts["merged"])


def _attribute(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).attname)


def _restore_fields(survivor: int, changes: Changes) -> None:
    values = from_text(Person, {name: old for name, (old, _new) in changes.items()})
    if "name" in values:
        values |= {"name_pinyin": name_pinyin(values["name"]), "initials": name_initials(values["name"])}
    if "phone" in values:
        values["phone_digest"] = phone_digests([values["phone"]])[0]
    if values:
        Person.objects.filter(pk=survivor).update(**values)


def _record(facts: Facts, changes: Changes, reason: str) -> None:
    survivor, merged = (Person.objects.get(pk=facts[side]) for side in ("survivor", "merged"))
    back = {name: [new, old] for name, (old, new) in changes.items()}
    told = {"pair": facts["pair"], "survivor": survivor.pk, "merged": merged.pk}
    record_many(
        [
            Draft(Subject(PERSON, merged.pk, merged.name), {}, None, reason, told),
            Draft(Subject(PERSON, survivor.pk, survivor.name), back, None, reason, told),
        ]
    )
