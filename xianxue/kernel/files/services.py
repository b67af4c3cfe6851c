"""Attaching a file to a record, inside a running command."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, running
from xianxue.kernel.files import media, store
from xianxue.kernel.files.models import Attachment, StoredFile
from xianxue.kernel.history.records import Subject, record

MB = 1024 * 1024
NAME_LIMIT = 200


def attach(
    upload: File[Any] | BinaryIO, *, subject: Subject, kind: str, unit_id: int | None, by: Actor, name: str = ""
) -> Attachment:
    """Keep a file and attach it to a record; `kind` is the caller's code for what paper it is.

    Call it inside a running command: one event of that command carries the file's SHA-256 and SM3. `name` defaults to
    the upload's own. Refuses other types than the settings allow (by content), a file that is too large or empty, and
    a full disk. Should the command fail later, the bytes stay in the store without a row until they are swept.
    """
    running()
    name = name or name_of(upload)
    stored = keep(upload, name)
    facts = {
        "attachment": kind, "name": name, "sha256": stored.sha256, "sm3": stored.sm3,
        "size": stored.size, "media_type": stored.media_type,
    }  # fmt: skip
    seq = record(subject, facts=facts, unit_id=unit_id)
    return Attachment.objects.create(
        file=stored, subject_type=subject.type, subject_id=subject.pk, kind=kind, name=name, unit_id=unit_id,
        attached_by_id=by.user_id, at=timezone.now(), event_seq=seq,
    )  # fmt: skip


def name_of(upload: File[Any] | BinaryIO) -> str:
    """The upload's own name, without folders."""
    return (PurePosixPath(str(getattr(upload, "name", "") or "")).name or _("未命名"))[-NAME_LIMIT:]


def keep(upload: File[Any] | BinaryIO, name: str) -> StoredFile:
    """Keep a content, once however often it comes. Refuses as `attach` does."""
    media_type = checked(upload, name)
    upload.seek(0)
    with _disk_faults_told(name):
        digests = store.keep(upload)
    stored, _is_new = StoredFile.objects.get_or_create(
        sha256=digests.sha256,
        defaults={
            "sm3": digests.sm3, "size": digests.size, "media_type": media_type, "created_at": timezone.now(),
        },
    )  # fmt: skip
    return stored


def checked(upload: File[Any] | BinaryIO, name: str) -> str:
    """The media type of an upload that may be kept. Refuses as `attach` does, a full disk apart."""
    size = upload.seek(0, 2)
    if not size:
        raise Refused(_("未能上传“%(name)s”：文件是空的。请确认选对了文件。") % {"name": name})
    limit = settings.ATTACHMENT_LIMIT_MB
    if size > limit * MB:
        facts = {"name": name, "size": f"{size / MB:.1f}", "limit": limit}
        raise Refused(
            _("未能上传“%(name)s”：文件有 %(size)s MB，超过上限 %(limit)s MB。请压缩或分成几个文件再上传。") % facts
        )
    kind = media.kind_of(upload)
    if kind not in settings.ATTACHMENT_TYPES:
        facts = {"name": name, "types": "、".join(settings.ATTACHMENT_TYPES)}
        raise Refused(
            _("未能上传“%(name)s”：不是允许的文件类型（带宏的文件也不收）。请另存为其中一种再上传：%(types)s。") % facts
        )
    return media.MEDIA_TYPES[kind]


@contextmanager
def _disk_faults_told(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise Refused(_("未能上传“%(name)s”：服务器的磁盘已满。请联系管理员清理后再试。") % {"name": name}) from error
