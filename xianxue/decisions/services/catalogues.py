"""Lists of matters on their way: drafted, adopted, filed; the county's models drafted and issued."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from xianxue.decisions.choices import EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, CatalogueFiling
from xianxue.decisions.procedures.catalogues import FileCatalogue as Steps
from xianxue.decisions.procedures.catalogues import IssueModel
from xianxue.decisions.rules.lists import Departure, departures
from xianxue.decisions.selectors import catalogues
from xianxue.decisions.selectors.cases_lists import entries_of
from xianxue.decisions.selectors.rule_sets import book_on
from xianxue.decisions.services import checking
from xianxue.decisions.services.catalogue_data import copied, model_of, suggested
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import School, Unit

PURPOSE = "对照县局事项清单范本"
SHOWN = 3
"""So many departures are named in a refusal; the page of the list shows all."""


@Steps.draft.command
def draft(*, by: Actor, unit: Unit, number: str, keeps_own: bool = False) -> CatalogueFiling:
    """A school's new list as a copy of the county's model, or of the school's own in force, with what the model has more."""
    today = clock.today()
    school = School.objects.filter(pk=unit.pk).first()
    county = unit.parent
    if school is None or county is None:
        raise Refused(_("未能起草事项清单：所选单位不是学校。请重新选择。"), field="unit")
    with whole_county(PURPOSE):
        model = catalogues.model_on(model_of(school.school_type), today)
        given = _entries(model) if model else []
    if model is None:
        raise Refused(_("未能起草事项清单：县局还没有发布这类学校的清单范本。请联系县局。"))
    own = catalogues.own_on(unit.pk, today) if keeps_own else None
    if keeps_own and own is None:
        raise Refused(_("未能起草事项清单：本校没有现行的清单。请改选由范本复制。"), field="keeps_own")
    edition = _new(unit, number, "")
    entries = _entries(own) if own else []
    known = {entry.code for entry in entries}
    _fill(edition, [*entries, *(entry for entry in given if entry.code not in known)])
    return CatalogueFiling(unit=unit, county=county, edition=edition, model=model)


@IssueModel.draft.command
def draft_model(*, by: Actor, unit: Unit, school_type: str, number: str) -> CatalogueFiling:
    """The county's next model for a kind of school, as a copy of the one in force, or of what the release suggests."""
    today = clock.today()
    model = catalogues.model_on(school_type, today)
    edition = _new(unit, number, school_type)
    limit = book_on(today).threshold_of(school_type)
    _fill(edition, _entries(model) if model else suggested(edition, limit))
    return CatalogueFiling(unit=unit, county=unit, edition=edition, model=model)


def _new(unit: Unit, number: str, school_type: str) -> CatalogueEdition:
    refuse_if(
        _("未能起草：还有一份清单没有办完。请先办完或者作废那一份。")
        if CatalogueEdition.objects.filter(
            unit=unit, school_type=school_type, state__in=(*catalogues.DRAFTS, EditionState.SENT)
        ).exists()
        else None
    )
    if CatalogueEdition.objects.filter(unit=unit, school_type=school_type, number=number.strip()).exists():
        raise Refused(_("未能起草：已经有这个版次的清单。请换一个版次。"), field="number")
    made: CatalogueEdition = CatalogueEdition.objects.create(unit=unit, school_type=school_type, number=number.strip())
    return made


def _entries(edition: CatalogueEdition) -> list[CatalogueEntry]:
    return list(CatalogueEntry.objects.filter(edition=edition).order_by("order", "code"))


def _fill(edition: CatalogueEdition, entries: Sequence[CatalogueEntry]) -> None:
    CatalogueEntry.objects.bulk_create(copied(edition, entries))
    _record(edition, {"state_name": [None, _label(edition.state)]}, entries=len(entries))


def found_in(filing: CatalogueFiling) -> list[tuple[Departure, str]]:
    """What is weaker in a list than in its model, each with the school's reason; a model is held against nothing."""
    keys = [filing.edition_id, *([filing.model_id] if filing.model_id and not filing.is_model else [])]
    with whole_county(PURPOSE):
        entries = entries_of(keys)
    model = () if filing.is_model else entries.get(filing.model_id or 0, ())
    reasons = dict(CatalogueEntry.objects.filter(edition=filing.edition_id).values_list("code", "departs_because"))
    own, book = entries.get(filing.edition_id, ()), book_on(clock.today())
    found = departures(own, model, book.majorities, book.threshold_of(_school_type(filing)))
    return [(one, reasons.get(one.code, "")) for one in found]


def _school_type(filing: CatalogueFiling) -> str:
    if filing.is_model:
        return filing.edition.school_type
    return School.objects.filter(pk=filing.unit_id).values_list("school_type", flat=True).first() or ""


def _refuse_weaker(found: Sequence[tuple[Departure, str]]) -> None:
    wrong = [f"{one.code} {one.name}：{one.text}" for one, _why in found if one.is_firm]
    told = {"what": "；".join(wrong[:SHOWN]), "count": len(wrong)}
    if wrong:
        raise Refused(_("未能提交：有 %(count)s 处低于要求（%(what)s）。请在“事项清单”里改正后再提交。") % told)
    silent = [f"{one.code} {one.name}：{one.text}" for one, why in found if not why]
    told = {"what": "；".join(silent[:SHOWN]), "count": len(silent)}
    if silent:
        raise Refused(_("未能提交：有 %(count)s 处与范本不同，没有写理由（%(what)s）。请在清单事项里写明理由。") % told)


@Steps.send.command
def send(filing: CatalogueFiling, *, by: Actor, adopted_on: date) -> None:
    """Send the adopted list. Refuses what is weaker than the model, and what leaves something out without a reason."""
    edition, today = filing.edition, clock.today()
    if adopted_on > today:
        raise Refused(_("未能报送：审议通过日期晚于今天。请在会议通过以后报送。"), field="adopted_on")
    found = found_in(filing)
    _refuse_weaker(found)
    filing.departures = [[f"{one.code} {one.name}", one.text, why] for one, why in found]
    filing.save(update_fields=["departures"])
    _change(edition, state=EditionState.SENT, adopted_on=adopted_on, sent_on=today, returned_reason="")
    checking.ledgers_changed([filing.unit_id], (), by)


@Steps.file_list.command
def file_list(filing: CatalogueFiling, *, by: Actor, valid_from: date) -> None:
    """Give the list force from a day on; the one before ends on the day before it."""
    _begin(filing.edition, valid_from)
    checking.ledgers_changed([filing.unit_id], (), by)


@Steps.send_back.command
def send_back(filing: CatalogueFiling, *, by: Actor, reason: str) -> None:
    """The school changes it and sends it again."""
    if not reason.strip():
        raise Refused(_("未能退回：没有写理由。请写明哪一项要改。"), field="reason")
    _change(filing.edition, state=EditionState.RETURNED, returned_reason=reason.strip())
    checking.ledgers_changed([filing.unit_id], (), by)


@IssueModel.propose.command
def propose_model(filing: CatalogueFiling, *, by: Actor) -> None:
    """The draft of a model is ready to be looked at by another."""
    _refuse_weaker(found_in(filing))
    _change(filing.edition, state=EditionState.SENT, sent_on=clock.today())


@IssueModel.issue.command
def issue_model(filing: CatalogueFiling, *, by: Actor, valid_from: date) -> None:
    """Give the model force from a day on."""
    filing.edition.adopted_on = clock.today()
    _begin(filing.edition, valid_from)


@IssueModel.send_back.command
def return_model(filing: CatalogueFiling, *, by: Actor) -> None:
    """It is drafted further; the step's note says why."""
    _change(filing.edition, state=EditionState.RETURNED)


def _drop(filing: CatalogueFiling, *, by: Actor) -> None:
    """A draft that nobody goes on with; it stays to be read."""
    _change(filing.edition, state=EditionState.DROPPED)


drop = Steps.drop.command(_drop)
drop_model = IssueModel.drop.command(_drop)


def _begin(edition: CatalogueEdition, valid_from: date) -> None:
    today = clock.today()
    if valid_from < today:
        raise Refused(
            _("未能办理：生效日期早于今天。已经过去的日子不能改用新清单，请改为今天或以后。"), field="valid_from"
        )
    others = CatalogueEdition.objects.filter(
        unit=edition.unit_id, school_type=edition.school_type, state=EditionState.FILED
    )
    if others.filter(valid_from__gte=valid_from).exists():
        raise Refused(_("未能办理：已有一版清单在这一天或以后生效。请改用更晚的日期。"), field="valid_from")
    for earlier in others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)):
        _change(earlier, valid_to=valid_from - timedelta(days=1))
    _change(edition, state=EditionState.FILED, filed_on=today, valid_from=valid_from)


def _change(edition: CatalogueEdition, **facts: Any) -> None:
    changes = {name: [_plain(getattr(edition, name)), _plain(value)] for name, value in facts.items()}
    if "state" in changes:
        # Under the name that the register knows, so that the history can tell it.
        old, new = changes.pop("state")
        changes["state_name"] = [old and _label(old), new and _label(new)]
    for name, value in facts.items():
        setattr(edition, name, value)
    edition.save()
    _record(edition, {name: pair for name, pair in changes.items() if pair[0] != pair[1]})


def _label(state: str) -> str:
    return str(EditionState(state).label)


def _plain(value: Any) -> str | None:
    return None if value in (None, "") else value.isoformat() if isinstance(value, date) else str(value)


def _record(edition: CatalogueEdition, changes: dict[str, Any], **facts: Any) -> None:
    subject = Subject("decisions.catalogueedition", edition.pk, edition.number)
    record(subject, changes, unit_id=edition.unit_id, facts=facts)
