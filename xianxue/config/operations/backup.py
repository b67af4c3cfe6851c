"""Making a backup while the installation is in use: one moment of the database, then the files, whole or not at all."""

import errno
import re
import shutil
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from xianxue.config.operations import manifest
from xianxue.config.operations.engines import Engine, engine
from xianxue.config.operations.manifest import Manifest
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.state import keys_proof

# Folders of VAR_DIR that belong to the records; keys, logs and static files do not.
KEPT_FOLDERS = ("files", "imports")
NAME = re.compile(r"^xianxue-\d{8}T\d{6}Z(-\d+)?$")
UNFINISHED = ".part"
# Room for the files' growth and the tools' own notes.
SPARE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Made:
    """A backup that was made: where, what it holds, and whether its list is signed."""

    folder: Path
    manifest: Manifest
    is_signed: bool


def backup(to: Path | None = None, *, keep: int = 0) -> Made:
    """Back up the whole installation into a new folder below `to`; older backups there are kept up to the number `keep`.

    0 keeps all. Raises Stopped, with nothing half-done left behind.
    """
    place = to or Path(settings.BACKUP_DIR)
    source = engine()
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_unfinished(place)
        _refuse_too_little_room(place)
        name = _name(place)
        draft = place / (name + UNFINISHED)
        try:
            made, is_signed = _fill(draft, source)
            manifest.sync(draft)
            draft.rename(place / name)
            manifest.sync(place / name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise Stopped(_in_words(error, place)) from error
    if keep:
        remove_old(place, keep)
    return Made(place / name, made, is_signed)


def _fill(draft: Path, source: Engine) -> tuple[Manifest, bool]:
    draft.mkdir(mode=0o700)
    # Files after rows: a file is written before the row that names it, so none that a row names is missing.
    state = source.dump(draft)
    for folder in KEPT_FOLDERS:
        _pack(Path(settings.VAR_DIR) / folder, draft / f"{folder}.tar")
    made = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("xianxue"),
        engine=source.name,
        server=source.server(),
        migrations=state.migrations,
        tables=state.tables,
        log=state.log,
        keys=keys_proof(),
        parts=list(manifest.parts_of(draft)),
    )
    return made, manifest.write(draft, made)


def _pack(folder: Path, target: Path) -> None:
    """One archive of a folder; a file that is removed at this moment was no part of the snapshot's future."""
    with tarfile.open(target, "w") as archive:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix == ".part" or path.is_symlink():
                continue
            try:
                archive.add(path, path.relative_to(folder).as_posix(), recursive=False)
            except FileNotFoundError:
                continue


def backups(place: Path | None = None) -> list[Path]:
    """Finished backups of a folder, the oldest first."""
    root = place or Path(settings.BACKUP_DIR)
    return sorted(path for path in root.glob("xianxue-*") if NAME.match(path.name)) if root.is_dir() else []


def remove_old(place: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups; returns those removed. A name is changed first: half a backup is none."""
    old = backups(place)[:-keep]
    for path in old:
        dying = path.with_name(path.name + UNFINISHED)
        path.rename(dying)
        shutil.rmtree(dying)
    return old


def _remove_unfinished(place: Path) -> None:
    """What a backup left that was killed; two at once are told apart by their age."""
    for path in place.glob(f"xianxue-*{UNFINISHED}"):
        if datetime.now(UTC).timestamp() - path.stat().st_mtime > 6 * 3600:
            shutil.rmtree(path, ignore_errors=True)


def _name(place: Path) -> str:
    name = f"xianxue-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = [name, *(f"{name}-{number}" for number in range(2, 100))]
    return next(free for free in names if not (place / free).exists() and not (place / (free + UNFINISHED)).exists())


def _refuse_too_little_room(place: Path) -> None:
    files = sum(_size(Path(settings.VAR_DIR) / folder) for folder in KEPT_FOLDERS)
    found = settings.DATABASES["default"]
    database = Path(found["NAME"]) if found["ENGINE"].endswith("sqlite3") else None
    needed = files + (database.stat().st_size if database and database.exists() else 0) + SPARE
    if (free := shutil.disk_usage(place).free) < needed:
        message = (
            f"未备份：{place} 所在的磁盘只剩 {free // 2**20} MB，至少需要 {needed // 2**20} MB。"
            "请清理，或用 --to 换一个地方。"
        )
        raise Stopped(message)


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def _in_words(error: OSError, place: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"未备份：{place} 所在的磁盘已满，写到一半的已删去，以前的备份没有动。请清理后再试，或用 --to 换一个地方。"
        )
    return f"未备份：写不进 {place}（{error.strerror}）。请检查这个文件夹和它的权限，或用 --to 换一个地方。"
