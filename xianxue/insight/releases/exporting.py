"""A release as files: everything that is needed to check it elsewhere, and a comparison as a workbook."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping

import polars as pl
from django.utils.translation import gettext as _

from xianxue.insight.models import Release, Side
from xianxue.insight.releases import pages, selectors
from xianxue.insight.releases.changed_rows import differences
from xianxue.insight.releases.comparing import Comparison, Finding
from xianxue.insight.releases.verifier import verifier_source
from xianxue.kernel.history.signing import public_keys
from xianxue.kernel.sheets.export import text_workbook

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
MOST_ROWS = 20_000


def file_of(release: Release) -> bytes:
    """A .zip with the body, the statement, the signature with its public key, the three files, and `verify.py`.

    Whoever does not trust our verifier needs SHA-256 and Ed25519 and nothing else.
    """
    key = public_keys().get(release.key_id, b"")
    signature = {
        "format": "xianxue.release-signature/1",
        "key_id": release.key_id,
        "algorithm": release.signature_algorithm,
        "public_key": key.hex(),
        "signature": release.signature,
    }
    members = {
        "release.json": release.body.encode(),
        "statement.json": release.statement.encode(),
        "signature.json": json.dumps(signature, indent=1).encode() + b"\n",
        "report.docx": bytes(release.docx),
        "report.html": bytes(release.html),
        "parts.parquet": bytes(release.parts),
        "verify.py": verifier_source().encode(),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
            member.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(member, content)
    return stream.getvalue()


def periods_of(release: Release) -> Mapping[str, str]:
    """Key of the period of every figure, by code."""
    figures = selectors.content_of(release)["figures"]
    return {one["code"]: one["period"]["key"] for one in figures if "period" in one}


def workbook(release: Release, made: Comparison) -> bytes:
    """The comparison as .xlsx: a line for each figure, and under it one for each row that the reader may open."""
    heads = [
        _("数字"),
        _("指标代码"),
        _("比对"),
        _("发布时"),
        _("现在"),
        _("说明"),
        _("变化"),
        _("记录"),
        _("发布以后的操作"),
    ]
    periods = periods_of(release)
    lines = [line for one in made.findings for line in _lines(release, one, periods.get(one.code, ""))]
    frame = pl.DataFrame(lines, schema=dict.fromkeys(heads, pl.String), orient="row")
    widths = dict(zip(heads, (20.0, 24.0, 18.0, 14.0, 14.0, 40.0, 14.0, 30.0, 60.0), strict=True))
    return text_workbook(frame, _("比对 %(number)s") % {"number": release.number}, widths)


def _lines(release: Release, one: Finding, period: str) -> Iterator[tuple[str | None, ...]]:
    state = str(pages.STATES[one.state][0])
    yield (one.label, one.code, state, one.was, one.now, "".join(one.reasons), None, None, None)
    for side in Side:
        if not one.changes(side):
            continue
        found = differences(release, one, side, period, limit=MOST_ROWS)
        for row in found.rows:
            events = "；".join(pages.event_words(row.events))
            yield (one.label, one.code, None, None, None, str(side.label), row.kind_label, row.title, events)
        if found.hidden:
            text = _("另有 %(count)s 行不在查看范围内") % {"count": found.hidden}
            yield (one.label, one.code, None, None, None, str(side.label), None, text, None)
