"""Commands of changed key facts: asked for with evidence, agreed, approved and written, with the old number kept."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.sheets.single import check_one, present
from xianxue.kernel.sheets.writer import Context
from xianxue.organisations.selectors import county_of
from xianxue.people.choices import KeyFactCause
from xianxue.people.models import Enrolment, Identifier, KeyFactChange
from xianxue.people.procedures import KeyFacts
from xianxue.people.services.numbers import documents_of
from xianxue.people.services.transfers.looking import refuse_unless_acting

COLUMNS = ("name", "sex", "born_on", "id_kind", "id_number")


@KeyFacts.open_change.command
def open_key_fact_change(*, enrolment: Enrolment, cause: str, cells: Mapping[str, str], by: Actor) -> KeyFactChange:
    """Ask for new key facts of a pupil; `cells` holds cell text by column, empty or missing ones stay as they are.

    Refuses an ended enrolment, a second open change, a row that the sheet's checks refuse, and one that changes nothing.
    """
    refuse_unless_acting(KeyFacts.open_change, enrolment.school_id)
    if enrolment.ended_on is not None:
        raise Refused(_("未能申请：该生在本校的学籍已经结束，不能变更。"))
    person = enrolment.person
    with whole_county("一人一次只办一件关键信息变更"):
        is_taken = KeyFactChange.objects.filter(pupil=person, is_open=True).exists()
    if is_taken:
        raise Refused(_("未能申请：该生已有在办的关键信息变更。请先办结或撤回。"))
    sheet = sheets.get("pupils")
    wanted = {name: text for name, text in cells.items() if name in COLUMNS and text}
    refuse_if(_first_error(wanted, person.pk, by))
    changes = _differences(wanted, present(sheet, person.pk))
    if not changes:
        raise Refused(_("未能申请：没有填写与现有信息不同的内容。"))
    return KeyFactChange(
        pupil=person,
        pupil_name=person.name,
        enrolment=enrolment,
        school_id=enrolment.school_id,
        county=county_of(enrolment.school.unit),
        cause=cause,
        cells=json.dumps(changes, ensure_ascii=False, sort_keys=True),
    )


def _first_error(wanted: Mapping[str, str], person_id: int, by: Actor) -> str | None:
    """What the sheet's own checks say against the row; that key facts are held back is what this matter is for."""
    row = check_one(sheets.get("pupils"), dict(wanted), by=by, pk=person_id, holds_back=False)
    found = [sentence for sentences in row.errors.values() for sentence in sentences]
    return found[0] if found else None


def _differences(wanted: Mapping[str, str], now: Mapping[str, str | None]) -> dict[str, list[str | None]]:
    columns = sheets.get("pupils").by_name
    new = {name: columns[name].canonical(text) for name, text in wanted.items()}
    return {name: [now[name], value] for name, value in new.items() if value is not None and value != now[name]}


@KeyFacts.approve.command
def approve_key_facts(change: KeyFactChange, *, by: Actor) -> None:
    """Write the new facts. Refuses when one of them was changed otherwise since, or the sheet's checks now object.

    An identity number that the police changed keeps its old one, closed as of today; one mistyped is corrected.
    """
    sheet, changes, today = sheets.get("pupils"), change.changes, timezone.localdate()
    now = present(sheet, change.pupil_id)
    if any(now[name] != old for name, (old, _new) in changes.items()):
        raise Refused(_("未能审批：申请之后这些信息已有变化。请要求学校核对后重新申请。"))
    words = {name: sheet.by_name[name].display(new, mask=False) for name, (_old, new) in changes.items()}
    refuse_if(_first_error(words, change.pupil_id, by))
    with whole_county("写入已审批的关键信息变更"):
        kept = _keep_old_number(change, changes, today)
        sheet.writer.change(_frame(change, changes), Context(by=by, is_form=True, record_id=change.pupil_id))
        if kept is not None:
            kept.save(force_insert=True)
    label = changes["name"][1] if "name" in changes else change.pupil_name
    record(Subject("people.person", change.pupil_id, label or ""), changes, unit_id=change.school_id)


def _keep_old_number(change: KeyFactChange, changes: Mapping[str, list[str | None]], today: date) -> Identifier | None:
    """The old number as a closed identifier, to be added once the new one stands in its place."""
    old = changes.get("id_number", [None])[0]
    if change.cause != KeyFactCause.POLICE or not old:
        return None
    # The document that the sheet shows and writes over, and not another that the pupil has besides.
    found: Any = Identifier.objects.filter(pk__in=documents_of([change.pupil_id])["pk"].to_list()).first()
    if found is None:
        return None
    return Identifier(
        person_id=change.pupil_id,
        kind=found.kind,
        value=old,
        digest=found.digest,
        valid_from=found.valid_from,
        valid_to=today,
        issuer=found.issuer,
    )


def _frame(change: KeyFactChange, changes: Mapping[str, list[str | None]]) -> pl.DataFrame:
    rows = [(change.pupil_id, change.school_id, name, old, new) for name, (old, new) in changes.items()]
    schema = {"id": pl.Int64, "unit_id": pl.Int64, "column": pl.String, "old": pl.String, "new": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
