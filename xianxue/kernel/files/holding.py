"""Uploads that are kept while a form goes back to its sender, so that nobody has to choose them again."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from xianxue.kernel.commands import Refused
from xianxue.kernel.commands.lock import lock_the_log
from xianxue.kernel.files import store
from xianxue.kernel.files.models import HeldUpload, StoredFile
from xianxue.kernel.files.services import checked, name_of

KEPT_FOR = timedelta(hours=20)
MOST = 30
"""So many files of one form are held; nobody fills the disk by sending a form back and forth."""


def held_uploads(user_id: int | None, form: str) -> list[HeldUpload]:
    """What is held for the person and the form, in the order of coming."""
    if user_id is None:
        return []
    rows = HeldUpload.objects.filter(user_id=user_id, form=form, at__gt=timezone.now() - KEPT_FOR)
    # A server that was killed while it let go of one may have left the row without its bytes.
    return [one for one in rows.order_by("pk") if store.path_of(one.sha256).exists()]


def hold(uploads: Iterable[tuple[str, File[Any]]], *, user_id: int, form: str) -> None:
    """Keep the uploads (kind, file) that could be attached; new ones of a kind take the place of those held before.

    What would be refused anyway (another type, too large, empty, a full disk) is left out: the form says so by itself.
    """
    fit = [(kind, upload, name_of(upload)) for kind, upload in uploads if _is_fit(upload)][:MOST]
    kinds = {kind for kind, _upload, _name in fit}
    # Under the lock, so that nothing lets go of a content that is coming in just now.
    with transaction.atomic():
        lock_the_log()
        before = HeldUpload.objects.filter(user_id=user_id, form=form, kind__in=kinds)
        replaced = list(before.values_list("pk", flat=True))
        for kind, upload, name in fit:
            upload.seek(0)
            try:
                sha256 = store.keep(upload).sha256
            except OSError:
                continue
            HeldUpload.objects.create(
                user_id=user_id, form=form, kind=kind, name=name, sha256=sha256, at=timezone.now()
            )
        _forget(replaced)


def _is_fit(upload: File[Any]) -> bool:
    try:
        checked(upload, name_of(upload))
    except Refused:
        return False
    return True


@contextmanager
def opened(held: HeldUpload) -> Iterator[File[Any]]:
    """The content as a file to attach. Raises `store.Damaged`."""
    with tempfile.TemporaryFile() as target:
        for chunk in store.chunks(held.sha256):
            target.write(chunk)
        target.seek(0)
        yield File(target, name=held.name)


def release(user_id: int, form: str) -> None:
    """Let go of what was held: the form was accepted."""
    with transaction.atomic():
        lock_the_log()
        _forget(HeldUpload.objects.filter(user_id=user_id, form=form).values_list("pk", flat=True))


def forget_old() -> str:
    """Let go of what nobody came back for; says how many."""
    with transaction.atomic():
        lock_the_log()
        return str(_forget(HeldUpload.objects.filter(at__lte=timezone.now() - KEPT_FOR).values_list("pk", flat=True)))


def _forget(keys: Iterable[int]) -> int:
    """Remove the rows, and the bytes that no record has and nobody else holds; under the lock."""
    rows = HeldUpload.objects.filter(pk__in=list(keys))
    contents = set(rows.values_list("sha256", flat=True))
    count, _models = rows.delete()
    for sha256 in contents - _still_known(sorted(contents)):
        store.path_of(sha256).unlink(missing_ok=True)
    return count


def _still_known(contents: Sequence[str]) -> set[str]:
    attached = StoredFile.objects.filter(sha256__in=contents).values_list("sha256", flat=True)
    held = HeldUpload.objects.filter(sha256__in=contents).values_list("sha256", flat=True)
    return {*attached, *held}
