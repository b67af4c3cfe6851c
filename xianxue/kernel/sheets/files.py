"""The sealed files of an import: the source as sent, and its rows, cells and problems as frames."""

import errno
import io
import os
import shutil
from pathlib import Path
from uuid import uuid4

import polars as pl
from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.kernel.crypto import open_bytes, seal_bytes

SOURCE = "source"
STAGED = "staged"
ROWS = "rows"
CELLS = "cells"
PROBLEMS = "problems"
MISSING = "missing"
RETURNED = "returned"


def folder(job_id: int) -> Path:
    """Where the files of an import are."""
    return Path(settings.VAR_DIR) / "imports" / str(job_id)


def write(job_id: int, name: str, content: bytes) -> None:
    """Seal and write a file; complete or not at all."""
    place = folder(job_id)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A name of its own: two workers may have the same import in hand.
    part = place / f"{name}.{uuid4().hex}.part"
    try:
        with part.open("wb") as file:
            file.write(seal_bytes(content))
            file.flush()
            os.fsync(file.fileno())
        part.replace(place / name)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def full_disk(error: Exception) -> str:
    """What to tell the sender when no more can be written; empty for any other fault."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return _("未能完成：服务器的磁盘已满。请联系管理员清理后再试。") if full else ""


def read(job_id: int, name: str) -> bytes:
    """Content of a file. Raises FileNotFoundError."""
    return open_bytes((folder(job_id) / name).read_bytes())


def exists(job_id: int, name: str) -> bool:
    """Whether the file was written."""
    return (folder(job_id) / name).exists()


def write_frame(job_id: int, name: str, frame: pl.DataFrame) -> None:
    """Seal and write a frame."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1, statistics=False)
    write(job_id, name, buffer.getvalue())


def read_frame(job_id: int, name: str, columns: list[str] | None = None) -> pl.DataFrame:
    """A frame, or some of its columns."""
    return pl.read_parquet(io.BytesIO(read(job_id, name)), columns=columns)


def remove(job_id: int, *names: str) -> None:
    """Remove files that are out of date."""
    for name in names:
        (folder(job_id) / name).unlink(missing_ok=True)


def remove_all(job_id: int) -> None:
    """Remove everything of an import."""
    shutil.rmtree(folder(job_id), ignore_errors=True)
