"""Whether a release is still, byte for byte, what was signed: no figure is recomputed here."""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from xianxue.insight.models import Release, ReleaseRows, Side
from xianxue.kernel.history.canonical import SHA256, SM3, hash_hex
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.history.signing import Signature, verify_signature
from xianxue.kernel.indicators.row_digests import RowDigests

SUBJECT = "insight.release"
RELEASED = "insight.release"


def sha256(data: bytes) -> str:
    """SHA-256 as 64 hex digits: what everybody's own tools compute, whatever the installation's profile."""
    return hashlib.sha256(data).hexdigest()


def hashes_of(body: bytes, docx: bytes, html: bytes, parts: bytes) -> dict[str, str]:
    """What a statement says of the body and the files."""
    return {
        "root": sha256(body),
        "root_sm3": hash_hex(body, SM3),
        "docx": sha256(docx),
        "html": sha256(html),
        "parts": sha256(parts),
    }


def signature_of(release: Release) -> Signature:
    """The signature of the release's statement."""
    return Signature(release.key_id, release.signature_algorithm, bytes.fromhex(release.signature))


def faults(release: Release) -> list[str]:
    """What was altered since the release was signed, as sentences; nothing when it is as it was."""
    return [*quick_faults(release), *_rows_faults(release), *_log_faults(release)]


def quick_faults(release: Release) -> list[str]:
    """The same without the rows and the log: the body, the files and the signature. One query at most."""
    found = []
    statement = _read(release.statement)
    if not verify_signature(release.statement.encode(), signature_of(release)):
        found.append(_("签名与签名声明不符。"))
    now = hashes_of(release.body.encode(), bytes(release.docx), bytes(release.html), bytes(release.parts))
    names = {"root": _("内容"), "docx": _("公文文件"), "html": _("网页文件"), "parts": _("可加分量文件")}
    found += [
        _("%(what)s与签名声明中的摘要不符。") % {"what": name}
        for key, name in names.items()
        if statement.get("hashes", {}).get(key) != now[key]
    ]
    if (statement.get("number"), statement.get("hashes", {}).get("root")) != (release.number, release.root):
        found.append(_("编号或摘要根与签名声明不符。"))
    return found


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _rows_faults(release: Release) -> list[str]:
    """The digests of the rows against the roots in the body, which the signature binds."""
    figures = _read(release.body).get("content", {}).get("figures", [])
    wanted = {(one["code"], Side.COUNTED.value): one["rows_root"] for one in figures if "rows_root" in one}
    wanted |= {(one["code"], Side.DIVIDED.value): one["divided_root"] for one in figures if one.get("divided_root")}
    found, seen = [], set()
    for row in ReleaseRows.objects.filter(release=release):
        seen.add((row.code, row.side))
        if wanted.get((row.code, row.side)) != _root(bytes(row.digests)):
            found.append(_("指标 %(code)s 的明细摘要与发布时不符。") % {"code": row.code})
    gone = sorted({code for code, side in set(wanted) - seen})
    return [*found, *(_("指标 %(code)s 的明细摘要不在了。") % {"code": code} for code in gone)]


def _root(data: bytes) -> str:
    try:
        return hash_hex(RowDigests.unpacked(data).body, SHA256)
    except ValueError:
        return ""


def _log_faults(release: Release) -> list[str]:
    """The log knows each release by its root: whoever puts another in its place must rewrite the log as well."""
    told = [entry for entry in events_of(SUBJECT, release.pk) if entry.action == RELEASED]
    if not told:
        return [_("留痕里没有这次发布。")]
    return [] if told[-1].facts.get("root") == release.root else [_("摘要根与留痕里的不符。")]
