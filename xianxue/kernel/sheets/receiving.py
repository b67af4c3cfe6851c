"""Taking files in: kept as sent, sealed, with their digest, before anything is read."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.core.files import File
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import files, jobs
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.lanes import weight_of
from xianxue.kernel.sheets.models import ImportBatch, ImportJob
from xianxue.kernel.sheets.reading import guards

Source = Path | str | tuple[str, bytes] | BinaryIO | File[Any]
IGNORED = ("__MACOSX/", "~$", ".DS_Store")


def content_of(source: Source) -> tuple[str, bytes]:
    """Name and content of a path, a (name, bytes) pair or an uploaded file. Refuses one above the limit unread."""
    if isinstance(source, tuple):
        guards.check_size(source[0], len(source[1]))
        return source
    if isinstance(source, Path | str):
        path = Path(source)
        if not path.is_file():
            raise Refused(_("未能导入“%(name)s”：没有这个文件。请检查路径。") % {"name": path.name})
        guards.check_size(path.name, path.stat().st_size)
        return path.name, path.read_bytes()
    name = PurePosixPath(str(getattr(source, "name", ""))).name or _("未命名")
    size = getattr(source, "size", None)
    if size is not None:
        guards.check_size(name, size)
    content = source.read()
    guards.check_size(name, len(content))
    return name, content


def workbooks_of(name: str, content: bytes) -> Iterator[tuple[str, bytes | Refused]]:
    """The file itself, or the workbooks packed in a .zip; a refusal in the place of one that cannot be taken out."""
    if guards.kind_of(name, content) != "zip":
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        members = [member for member in members if not any(part in member.filename for part in IGNORED)]
        if not members:
            raise Refused(_("未能导入“%(name)s”：压缩包里没有文件。请确认选对了文件。") % {"name": name})
        for member in members:
            if member.flag_bits & 0x1:
                raise Refused(_("未能导入“%(name)s”：压缩包有密码，打不开。请去掉密码后再发送。") % {"name": name})
            inner = PurePosixPath(_name_in_zip(member)).name
            yield inner, _unpacked(inner, archive, member)


def _unpacked(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | Refused:
    try:
        guards.check_size(name, member.file_size)
        return archive.read(member)
    except Refused as refusal:
        return refusal
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return Refused(_("未能导入“%(name)s”：压缩包里的这个文件已损坏。请重新打包后再发送。") % {"name": name})


def _name_in_zip(member: zipfile.ZipInfo) -> str:
    """Windows packs Chinese names in GBK and marks nothing; zipfile then reads them as code page 437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def new_batch(by: Actor) -> ImportBatch:
    """A batch for files to come."""
    return ImportBatch.objects.create(sender_id=by.user_id, sender=by.label)


def receive_content(
    name: str, content: bytes, *, batch: ImportBatch, by: Actor, options: Mapping[str, Any] | None = None
) -> ImportJob:
    """Keep one workbook and make its job; a file that cannot be opened safely becomes a failed job with the reason."""
    digest = hashlib.sha256(content).hexdigest()
    job = ImportJob.objects.create(
        batch=batch,
        file_name=name[-200:],
        file_sha256=digest,
        file_size=len(content),
        sender_id=by.user_id,
        sender=by.label,
        via=by.via[:20],
        unit_id=by.unit_id,
        options={**(options or {}), "sender_unit": by.unit_id},
        same_as=_same_file(digest, by),
    )
    try:
        guards.check_size(name, len(content))
        kind = guards.kind_of(name, content)
        job.weight = weight_of(content, kind)
        job.save(update_fields=["weight"])
        files.write(job.pk, files.SOURCE, content)
    except Refused as refusal:
        jobs.fail(job, refusal.message)
    except OSError as error:
        if not (full := files.full_disk(error)):
            raise
        jobs.fail(job, full)
    return job


def _same_file(digest: str, by: Actor) -> ImportJob | None:
    """An earlier import of the very same file by the same sender."""
    return (
        ImportJob.objects.filter(file_sha256=digest, sender_id=by.user_id)
        .exclude(state__in=(State.FAILED, State.CANCELLED))
        .order_by("-pk")
        .first()
    )


def receive_files(sources: Iterable[Source], *, by: Actor, options: Mapping[str, Any] | None = None) -> ImportBatch:
    """Keep files (and the workbooks inside .zip files) as one batch; every file gets a job, refused ones a failed job."""
    batch = new_batch(by)
    for source in sources:
        try:
            name, content = content_of(source)
        except Refused as refusal:
            _refused_unread(source, refusal, batch, by)
            continue
        try:
            for member, body in workbooks_of(name, content):
                if isinstance(body, Refused):
                    _refused_unread((member, b""), body, batch, by)
                else:
                    receive_content(member, body, batch=batch, by=by, options=options)
        except Refused as refusal:
            _refused_unread((name, content), refusal, batch, by)
    return batch


def _refused_unread(source: Source, refusal: Refused, batch: ImportBatch, by: Actor) -> None:
    name = source[0] if isinstance(source, tuple) else str(getattr(source, "name", source))
    size = len(source[1]) if isinstance(source, tuple) else int(getattr(source, "size", 0) or 0)
    ImportJob.objects.create(
        batch=batch,
        file_name=PurePosixPath(name).name[-200:],
        file_sha256="",
        file_size=size,
        sender_id=by.user_id,
        sender=by.label,
        via=by.via[:20],
        unit_id=by.unit_id,
        state=State.FAILED,
        reason=refusal.message,
    )
