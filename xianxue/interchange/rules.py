"""The specification's own rules over a set of OneRoster files: everything wrong at once, nothing written."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from xianxue.interchange.fields import FileField, Format, oneroster
from xianxue.kernel.commands import Refused

BOM = "\ufeff"
MODES = ("bulk", "delta", "absent")
GUID = re.compile(r"[A-Za-z0-9._~:/@-]{1,255}")
LARGEST = 200 * 1024 * 1024
Row = dict[str, str]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: file, line as a spreadsheet counts them (0: the file as a whole), field, sentence."""

    file: str
    line: int
    field: str
    message: str


@dataclass
class FileSet:
    """What was read: rows by file, the mode of each, and what is wrong."""

    modes: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def tell(self, file: str, line: int, name: str, message: str) -> None:
        """Note one finding."""
        self.findings.append(Finding(file, line, name, message))


def unpacked(content: bytes) -> dict[str, bytes]:
    """The .csv files of a zip by name. Raises Refused for what is none, or would be too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [item for item in archive.infolist() if item.filename.endswith(".csv")]
            if sum(item.file_size for item in members) > LARGEST:
                raise Refused(_("未能读取：压缩包解开后太大。请分批发送。"))
            return {item.filename.removesuffix(".csv"): archive.read(item) for item in members}
    except zipfile.BadZipFile as error:
        raise Refused(_("未能读取：这不是 OneRoster 的 .zip 文件。请核对后重新发送。")) from error


def read(files: Mapping[str, bytes]) -> FileSet:
    """Read and check a set of files (name without .csv → content)."""
    spec, found = oneroster(), FileSet()
    _manifest(spec, files, found)
    for name in spec.files:
        if found.modes.get(name) in {"bulk", "delta"} and name in files:
            found.rows[name] = _table(name, files[name], spec.header(name), found)
    for name, rows in found.rows.items():
        _cells(spec, name, rows, found)
    _references(spec, found)
    _enrolments(found)
    return found


def _lines(name: str, content: bytes, found: FileSet) -> list[list[str]]:
    try:
        text = content.decode("utf-8").removeprefix(BOM)
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        found.tell(name, 0, "", _("读不出来：须是 UTF-8 编码、符合 RFC 4180 的 CSV。"))
        return []


def _manifest(spec: Format, files: Mapping[str, bytes], found: FileSet) -> None:
    if "manifest" not in files:
        found.tell("manifest", 0, "", _("缺少 manifest.csv。"))
        return
    lines = _lines("manifest", files["manifest"], found)
    if lines and lines[0] != ["propertyName", "value"]:
        found.tell("manifest", 1, "", _("表头须是 propertyName,value。"))
    stated = {line[0]: line[1] for line in lines[1:] if len(line) == 2}
    for name, version in spec.versions.items():
        if stated.get(name) != version:
            found.tell("manifest", 0, name, _("须是 %(version)s。") % {"version": version})
    for name in (*spec.files, *spec.others):
        mode = stated.get(f"file.{name}", "")
        found.modes[name] = mode
        if mode not in MODES:
            found.tell("manifest", 0, f"file.{name}", _("须是 bulk、delta 或 absent。"))
        elif (mode == "absent") is (name in files):
            found.tell("manifest", 0, f"file.{name}", _("所写与压缩包里的文件不符。"))
    if {"bulk", "delta"} <= set(found.modes.values()):
        found.tell("manifest", 0, "", _("一个压缩包里不能既有 bulk 又有 delta。"))


def _table(name: str, content: bytes, header: list[str], found: FileSet) -> list[Row]:
    lines = _lines(name, content, found)
    given = lines[0] if lines else []
    if given[: len(header)] != header:
        found.tell(name, 1, "", _("表头须依次是：%(header)s。") % {"header": ",".join(header)})
        return []
    more = given[len(header) :]
    if len(set(given)) != len(given) or any(not extra.startswith("metadata.") for extra in more):
        found.tell(name, 1, "", _("表头有重复的列，或有不以 metadata. 开头的扩展列。"))
    if len(lines) < 2:
        found.tell(name, 0, "", _("没有数据行；没有数据时，manifest 里应写 absent。"))
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(given):
            found.tell(name, number, "", _("列数与表头不一致。"))
            continue
        rows.append({**dict(zip(given, line, strict=True)), "": str(number)})
    return rows


def _cells(spec: Format, name: str, rows: list[Row], found: FileSet) -> None:
    seen: set[str] = set()
    is_delta = found.modes[name] == "delta"
    for row in rows:
        line, guid = int(row[""]), row["sourcedId"]
        if not GUID.fullmatch(guid):
            found.tell(name, line, "sourcedId", _("缺少，或含有不允许的字符。"))
        elif guid in seen:
            found.tell(name, line, "sourcedId", _("与前面的行重复。"))
        seen.add(guid)
        for column, message in _of_mode(spec, row, is_delta=is_delta):
            found.tell(name, line, column, message)
        for item in spec.files[name]:
            if message := _wrong(spec, item, row[item.name]):
                found.tell(name, line, item.name, message)


def _of_mode(spec: Format, row: Row, *, is_delta: bool) -> Iterator[tuple[str, str]]:
    """Bulk leaves status and dateLastModified blank, delta gives both."""
    status, modified = row["status"], row["dateLastModified"]
    if not is_delta:
        yield from ((name, _("bulk 方式下须为空。")) for name in ("status", "dateLastModified") if row[name])
        return
    if status not in spec.enums["status"]:
        yield "status", _("delta 方式下须是 active 或 tobedeleted。")
    try:
        datetime.fromisoformat(modified)
    except ValueError:
        yield "dateLastModified", _("delta 方式下须是 ISO 8601 时间。")


def _wrong(spec: Format, item: FileField, text: str) -> str:
    if not text:
        return _("必填，没有填。") if item.is_required else ""
    if "\r" in text or "\n" in text:
        return _("格子里不能换行。")
    if item.kind == "enum" and text not in spec.enums[item.of]:
        return _("“%(value)s”不在可用的值里：%(known)s。") % {
            "value": text[:40],
            "known": "、".join(spec.enums[item.of]),
        }
    if item.kind == "bool" and text not in {"true", "false"}:
        return _("须是 true 或 false。")
    if item.kind == "year" and not re.fullmatch(r"\d{4}", text):
        return _("须是四位年份。")
    return _("须是 2024-09-01 这样的日期。") if item.kind == "date" and not _is_date(text) else ""


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and date.fromisoformat(text))
    except ValueError:
        return False


def _references(spec: Format, found: FileSet) -> None:
    """References lead somewhere; in delta what is referred to may have been sent before."""
    known = {name: {row["sourcedId"] for row in rows} for name, rows in found.rows.items()}
    for name, rows in found.rows.items():
        fields = [item for item in spec.files[name] if item.kind in {"ref", "refs"}]
        for row in rows if found.modes[name] == "bulk" else ():
            for item in fields:
                for guid in _listed(row[item.name]) if item.kind == "refs" else [row[item.name]]:
                    if guid and guid not in known.get(item.of, set()):
                        message = _("%(file)s.csv 里没有“%(guid)s”。") % {"file": item.of, "guid": guid[:60]}
                        found.tell(name, int(row[""]), item.name, message)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _enrolments(found: FileSet) -> None:
    """Whoever is enrolled has that kind of role at the school of the class, and the class is that school's."""
    if found.modes.get("enrollments") != "bulk":
        return
    roles = {(row["userSourcedId"], row["orgSourcedId"]) for row in found.rows.get("roles", [])}
    schools = {row["sourcedId"]: row["schoolSourcedId"] for row in found.rows.get("classes", [])}
    for row in found.rows.get("enrollments", []):
        place = row["schoolSourcedId"]
        if schools.get(row["classSourcedId"], place) != place:
            found.tell("enrollments", int(row[""]), "schoolSourcedId", _("与班级所在的学校不一致。"))
        if (row["userSourcedId"], place) not in roles:
            found.tell("enrollments", int(row[""]), "userSourcedId", _("这个人在 roles.csv 里没有该校的角色。"))
