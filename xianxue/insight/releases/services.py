"""Commands on releases: one person prepares, another one releases; what was released is never edited."""

import json
import os
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.insight.models import Draft, Release, ReleaseCheck, ReleaseRows, Side, Withdrawal
from xianxue.insight.releases import checking, paper, parts, rules, selectors
from xianxue.insight.releases.comparing import Comparison
from xianxue.insight.releases.freezing import FORMAT, Counted, Frozen, freeze
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.canonical import canonical
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.signing import NoSigningKey, Signature, sign
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportJob

SALT_BYTES = 16
DRAFT = "insight.draft"
STATEMENT = "xianxue.release-statement/1"


def prepare(year: int, *, reason: str = "", by: Actor) -> Draft:
    """Freeze the year's report as it is now, for another person to release; replaces an earlier draft of the year.

    Refuses while an import is writing, and without a reason where a release is in force. Reading takes seconds in a
    large county, and nobody waits for it.
    """
    refuse_if(rules.imports_in_the_way(_imports_writing()))
    refuse_if(rules.reason_missing(selectors.in_force(year), reason))
    salt = os.urandom(SALT_BYTES).hex()
    draft: Draft = keep_draft(freeze(year, salt), salt, reason=reason.strip(), by=by)
    return draft


def _imports_writing() -> int:
    return ImportJob.objects.filter(state__in=(State.APPLYING, State.UNDOING)).count()


@command("insight.prepare_release", label=gettext_lazy("编制发布稿"))
def keep_draft(frozen: Frozen, salt: str, *, reason: str, by: Actor) -> Draft:
    """Keep what was frozen until it is released or dropped."""
    year = frozen.content["year"]
    Draft.objects.filter(year=year).delete()
    draft = Draft.objects.create(
        year=year,
        content=canonical(frozen.content).decode(),
        salt=salt,
        reason=reason,
        prepared_by_id=by.user_id,
        prepared_by=by.label,
        prepared_at=datetime.now(UTC),
        event_seq=frozen.moment.event,
    )
    facts = {"figures": len(frozen.content["figures"]), "content": checking.sha256(draft.content.encode())}
    record(Subject(DRAFT, draft.pk, _("%(year)s 年报告") % {"year": year}), note=reason, facts=facts)
    return draft


@command("insight.drop_draft", label=gettext_lazy("退回发布稿"))
def drop_draft(draft: Draft, *, reason: str, by: Actor) -> None:
    """Remove a draft, with the reason; nothing was released."""
    record(Subject(DRAFT, draft.pk, _("%(year)s 年报告") % {"year": draft.year}), note=reason.strip())
    Draft.objects.filter(pk=draft.pk).delete()


def release(draft: Draft, *, by: Actor) -> Release:
    """Release what was prepared: numbered, signed, for ever.

    Refuses the person who prepared it, and a draft whose figures or words are no longer those of the records: what is
    released recomputes to the same at that moment. Leaves a signed checkpoint of the log behind.
    """
    refuse_if(rules.same_person(draft, by))
    refuse_if(rules.imports_in_the_way(_imports_writing()))
    frozen = freeze(draft.year, draft.salt)
    now = json.loads(canonical(frozen.content))
    refuse_if(rules.out_of_date(selectors.content_of(draft), now))
    made: Release = keep_release(draft.pk, frozen, by=by)
    return made


@command("insight.release", label=gettext_lazy("发布报告"))
def keep_release(draft_pk: int, frozen: Frozen, *, by: Actor) -> Release:
    """Write the release under the next number of its year; the draft is used up."""
    draft = Draft.objects.filter(pk=draft_pk).first()
    refuse_if(rules.draft_gone(draft))
    assert draft is not None  # noqa: S101 - refused above
    former = selectors.in_force(draft.year)
    refuse_if(rules.reason_missing(former, draft.reason))
    now = timezone.now()
    serial = (Release.objects.filter(year=draft.year).aggregate(last=Max("serial"))["last"] or 0) + 1
    body = _body(draft, frozen, f"{draft.year}-{serial}", former, now, by)
    made = Release.objects.create(
        **_signed(body, frozen, now),
        serial=serial,
        salt=draft.salt,
        released_at=now,
        supersedes=former,
    )
    ReleaseRows.objects.bulk_create(row for one in frozen.counted for row in _rows(made, one))
    facts = {"root": made.root, "statement": checking.sha256(made.statement.encode()), "key": made.key_id}
    record(Subject(checking.SUBJECT, made.pk, made.number), note=draft.reason, facts=facts, unit_id=made.unit_id)
    draft.delete()
    # Last: it covers the event above.
    checkpoint_now(_("发布 %(number)s") % {"number": made.number}, by=by)
    return made


def _body(
    draft: Draft, frozen: Frozen, number: str, former: Release | None, now: datetime, by: Actor
) -> dict[str, Any]:
    moment = frozen.moment
    return {
        "format": FORMAT,
        "number": number,
        "content": frozen.content,
        "as_of": {"event": moment.event, "event_hash": moment.event_hash, "reference_day": f"{moment.reference_day}"},
        "prepared": {"by": draft.prepared_by, "at": draft.prepared_at.astimezone(UTC).isoformat(timespec="seconds")},
        "released": {"by": by.label, "at": now.astimezone(UTC).isoformat(timespec="seconds")},
        "supersedes": {"number": former.number, "root": former.root, "reason": draft.reason} if former else None,
        "software": version("xianxue"),
    }


def _signed(body: dict[str, Any], frozen: Frozen, now: datetime) -> dict[str, Any]:
    """The columns that follow from the body: its files, its hashes and the signature that binds them."""
    content, number = frozen.content, body["number"]
    data = canonical(body)
    root = checking.sha256(data)
    document = paper.with_check(paper.from_plain(content, timezone.localdate(now)), number, root[:16])
    docx, html = paper.files(document)
    table = parts.parquet(number, content["year"], content["unit"]["code"], frozen.counted)
    statement = canonical(
        {
            "format": STATEMENT,
            "number": number,
            "title": content["title"],
            "issuer": content["issuer"],
            "released_at": body["released"]["at"],
            "hashes": checking.hashes_of(data, docx, html, table),
            "supersedes": body["supersedes"] and body["supersedes"]["number"],
            "as_of": body["as_of"],
        }
    )
    signature = _signature(statement)
    return {
        "number": number,
        "year": content["year"],
        "unit_id": content["unit"]["id"],
        "title": content["title"].replace("\n", ""),
        "issuer": content["issuer"],
        "root": root,
        "body": data.decode(),
        "statement": statement.decode(),
        "docx": docx,
        "html": html,
        "parts": table,
        "key_id": signature.key_id,
        "signature_algorithm": signature.algorithm,
        "signature": signature.value.hex(),
        "prepared_by": body["prepared"]["by"],
        "released_by": body["released"]["by"],
        "event_seq": frozen.moment.event,
    }


def _signature(statement: bytes) -> Signature:
    try:
        return sign(statement)
    except NoSigningKey as error:
        raise Refused(
            _("未能发布：找不到签名私钥。请由安全管理员放回私钥，或用 xianxue keys 生成新的，再发布。")
        ) from error


def _rows(made: Release, one: Counted) -> list[ReleaseRows]:
    sides = [(Side.COUNTED, one.rows), *([(Side.DIVIDED, one.divided)] if one.divided is not None else [])]
    return [
        ReleaseRows(release=made, code=one.item.code, side=side, count=len(rows), digests=rows.packed())
        for side, rows in sides
    ]


@command("insight.withdraw_release", label=gettext_lazy("撤回发布"))
def withdraw(release: Release, *, reason: str, by: Actor) -> None:
    """Say that a release no longer holds; it stays to be seen, with the reason, also on the public page of its check."""
    refuse_if(rules.cannot_withdraw(release, reason))
    Withdrawal.objects.create(
        release=release, reason=reason.strip(), withdrawn_by=by.label, withdrawn_at=datetime.now(UTC)
    )
    record(Subject(checking.SUBJECT, release.pk, release.number), note=reason.strip(), unit_id=release.unit_id)


@command("insight.check_release", label=gettext_lazy("比对发布的数字"))
def keep_check(release: Release, made: Comparison, *, by: Actor) -> ReleaseCheck:
    """Keep what a comparison found, in place of the one before."""
    facts = {
        "checked_at": datetime.now(UTC),
        "event_seq": made.event_seq,
        "same": made.count("same"),
        "changed": made.count("changed", "rows", "parameters"),
        "uncomputed": made.count("uncomputed"),
        "faults": len(made.faults),
    }
    check, _is_new = ReleaseCheck.objects.update_or_create(
        release=release, defaults={**facts, "findings": made.packed()}
    )
    told = {name: value for name, value in facts.items() if isinstance(value, int)}
    record(Subject(checking.SUBJECT, release.pk, release.number), facts=told, unit_id=release.unit_id)
    return check
