"""Reading files: of a record, as a stream, and to see whether they are still what they were."""

import io
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianxue.kernel.files import store
from xianxue.kernel.files.guards import is_readable
from xianxue.kernel.files.models import Attachment, HeldUpload, StoredFile

UNCLAIMED_AFTER = 24 * 3600


def attachments_of(subject_type: str, subject_id: int) -> list[Attachment]:
    """The files of a record, oldest first. The caller has checked that the record may be read."""
    found = Attachment.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return list(found.select_related("file").order_by("pk"))


def readable_attachment(pk: int) -> Attachment | None:
    """The attachment, where its record's guard lets the reader of the current reach in."""
    found = Attachment.objects.select_related("file").filter(pk=pk).first()
    return found if found and is_readable(found.subject_type, found.subject_id) else None


class _Stream(io.RawIOBase):
    """A content as a readable file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer will do
        if not self._rest:
            self._rest = next(self._parts, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def open_attachment(attachment: Attachment) -> io.BufferedReader:
    """The content as a binary stream. Reading raises `store.Damaged` where it is not what came in."""
    return io.BufferedReader(_Stream(store.chunks(attachment.file.sha256)))


@dataclass(frozen=True)
class FileFault:
    """A stored file that is not what it was; `text` says what is wrong, in Chinese."""

    sha256: str
    text: str


def rehash(sample: int | None = None) -> tuple[int, list[FileFault]]:
    """Hash stored files again, a random sample or (None) all; returns how many, and those that are wrong."""
    files: Iterable[StoredFile] = StoredFile.objects.order_by("pk").iterator(chunk_size=1000)
    if sample is not None:
        files = StoredFile.objects.order_by("?")[:sample]
    count, faults = 0, []
    for file in files:
        count += 1
        if text := _fault(file):
            faults.append(FileFault(file.sha256, text))
    return count, faults


def _fault(file: StoredFile) -> str:
    if not store.path_of(file.sha256).exists():
        return _("文件缺失")
    known = store.Digests(file.sha256, file.sm3, file.size)
    return "" if store.is_whole(known) else _("文件被改：内容与存入时的摘要不符")


def unclaimed(now: float | None = None) -> list[str]:
    """Names of contents that no row speaks of, older than a day: left by commands that failed after the upload."""
    before = (now or time.time()) - UNCLAIMED_AFTER
    found = [
        path.name for path in store.folder().glob("??/*") if "." not in path.name and path.stat().st_mtime < before
    ]
    known = set(StoredFile.objects.filter(sha256__in=found).values_list("sha256", flat=True))
    held = set(HeldUpload.objects.filter(sha256__in=found).values_list("sha256", flat=True))
    return sorted(set(found) - known - held)
