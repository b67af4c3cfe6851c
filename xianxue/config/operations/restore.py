"""From a backup to a working installation, tested on the way; what was there before is moved aside, never deleted."""

import json
import shutil
import tarfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from xianxue.config.operations import child, manifest, presence
from xianxue.config.operations.backup import KEPT_FOLDERS
from xianxue.config.operations.engines import Engine, engine
from xianxue.config.operations.engines import at as engine_at
from xianxue.config.operations.manifest import Manifest
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.state import State, keys_fault, unknown_migrations

MARK = "restoring.json"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What was restored, what the check found, where the old things are, and how many events the old log had more."""

    manifest: Manifest
    verified: int
    aside: list[str] = field(default_factory=list)
    lost_events: int = 0
    warnings: list[str] = field(default_factory=list)


def refuse_unfit(folder: Path) -> tuple[Manifest, list[str]]:
    """Look at a backup before anything is touched: its hashes, its keys, its version. Returns it, and warnings.

    Raises Stopped with all that is wrong.
    """
    found = manifest.read(folder)
    if wrong := manifest.faults(folder, found):
        raise Stopped("未恢复：这份备份不完整或被改动过：" + "；".join(wrong[:10]) + "。请换一份备份。")
    if reason := keys_fault(found.keys):
        raise Stopped(f"未恢复：{reason}，恢复后加密的内容会读不出来。请先把做备份时的密钥写进设置。")
    if newer := unknown_migrations(found.migrations):
        raise Stopped(f"未恢复：备份来自更新的版本 {found.version}（{newer[0]}）。请先装上那个版本。")
    warnings = {
        "none": ["备份的清单没有签名，只核对了校验和。"],
        "unknown": ["备份的清单由另一把签名密钥签名，这台机器上没有它的公钥，只核对了校验和。"],
    }
    return found, warnings.get(manifest.signature(folder), [])


def differences(found: Manifest, told: State) -> list[str]:
    """What a restored database has otherwise than the list says."""
    tables = sorted(found.tables.keys() | told.tables.keys())
    wrong = [
        f"{name} 应有 {found.tables.get(name, 0)} 行，实有 {told.tables.get(name, 0)} 行"
        for name in tables
        if found.tables.get(name) != told.tables.get(name)
    ]
    if found.log != told.log:
        wrong.append("留痕的末条与清单不符")
    if found.migrations != told.migrations:
        wrong.append("表的版本与清单不符")
    return wrong


def refuse_different(found: Manifest, told: State) -> None:
    """Raises Stopped where the restored database is not what the list says."""
    if wrong := differences(found, told):
        raise Stopped("恢复出来的与清单不符：" + "；".join(wrong[:5]))


def refuse_unsound(told: dict[str, Any]) -> int:
    """Raises Stopped where the verification found something; returns how many events were verified."""
    if told["faults"]:
        raise Stopped(f"留痕校验未通过（{told['faults'][0]}）")
    if told["keys"]:
        raise Stopped(told["keys"])
    return int(told["verified"])


def restore(folder: Path, *, move_aside: bool) -> Restored:
    """Put a backup in the place of this installation's database and files, and check it there.

    Refuses a place that holds something unless `move_aside`. Where the check fails, everything is as it was before.
    """
    found, warnings = refuse_unfit(folder)
    target = engine()
    if found.engine != target.name:
        here, there = ENGINES[target.name], ENGINES.get(found.engine, found.engine)
        raise Stopped(f"未恢复：备份来自 {there}，这里用的是 {here}。请把 XIANXUE_DATABASE_URL 改成 {there} 的。")
    presence.refuse_running("未恢复", target)
    before = target.state()
    occupied = _occupied(before)
    if occupied and not move_aside:
        raise Stopped(
            f"未恢复：这里已有数据（{occupied}）。确要用备份替换，请加 --move-aside：现有的会移到一边，不会删除。"
        )
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with presence.marked(MARK, {"backup": str(folder), "aside": stamp}):
        aside, verified = _replace(folder, found, target, stamp)
    lost = max(0, int(before.log.get("size", 0)) - int(found.log.get("size", 0)))
    return Restored(found, verified, aside, lost, warnings)


def _occupied(before: State) -> str:
    rows = sum(count for name, count in before.tables.items() if not name.startswith(("django_", "auth_")))
    there = [name for name in KEPT_FOLDERS if any((Path(settings.VAR_DIR) / name).glob("*"))]
    parts = [f"数据库 {rows} 行"] if before.log.get("size") else []
    return "、".join([*parts, *(f"文件夹 {name}" for name in there)])


def _replace(folder: Path, found: Manifest, target: Engine, stamp: str) -> tuple[list[str], int]:
    aside = _Aside(Path(settings.VAR_DIR) / f"aside-{stamp}")
    # Before the `try`: what was not moved must never be “put back”, for that begins with clearing the place.
    try:
        moved = [target.move_aside(stamp)]
    except OSError as error:
        raise Stopped(f"未恢复：{_reason(error)}。什么也没有变。") from error
    try:
        moved += [aside.take(Path(settings.VAR_DIR) / name) for name in KEPT_FOLDERS]
        target.load(folder)
        refuse_different(found, target.state())
        verified = refuse_unsound(child.state(migrate=True))
        for name in KEPT_FOLDERS:
            _unpack(folder / f"{name}.tar", Path(settings.VAR_DIR) / name)
        child.run("after-restore", found.made_at, str(found.log.get("size", 0)))
    except BaseException as error:
        target.put_back(stamp)
        aside.put_back()
        if isinstance(error, Stopped | OSError):
            raise Stopped(f"未恢复：{_reason(error)}。已改回原样，什么也没有变。") from error
        raise
    return [place for place in moved if place], verified


def _reason(error: Stopped | OSError) -> str:
    return str(error).strip().removesuffix("。") if isinstance(error, Stopped) else f"写入失败（{error.strerror}）"


class _Aside:
    """Folders that were moved out of the way, so that they can be put back."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.taken: dict[Path, Path | None] = {}

    def take(self, folder: Path) -> str:
        """Move a folder aside; where to, or an empty text where there is none."""
        if not folder.exists():
            self.taken[folder] = None
            return ""
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        moved = self.place / folder.name
        folder.rename(moved)
        # Only now: what stands in the place from here on is not the old one.
        self.taken[folder] = moved
        return str(moved)

    def put_back(self) -> None:
        """Remove what has been put in the place of those that were taken, and move them back."""
        for home, moved in self.taken.items():
            shutil.rmtree(home, ignore_errors=True)
            if moved:
                moved.rename(home)
        if self.place.exists() and not any(self.place.iterdir()):
            self.place.rmdir()


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    with tarfile.open(archive) as packed:
        # Python before 3.11.4 has no filter: links and paths that lead out of the folder are refused here.
        for member in packed.getmembers():
            inside = (folder / member.name).resolve().is_relative_to(folder.resolve())
            if not inside or not (member.isfile() or member.isdir()):
                message = f"{archive.name} holds {member.name}, which is no file of a backup."
                raise tarfile.TarError(message)
        safely: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        packed.extractall(folder, **safely)  # noqa: S202 - every member was looked at
    manifest.sync(folder)


def check(folder: Path) -> int:
    """Restore a backup into a scratch database and compare; returns how many events were verified.

    Raises Stopped with what is wrong. The scratch database is gone afterwards.
    """
    found, _warnings = refuse_unfit(folder)
    own = engine()
    if found.engine != own.name:
        raise Stopped(f"未检查：备份来自 {ENGINES.get(found.engine, found.engine)}，与这里的数据库不同。")
    with own.scratch() as url:
        scratch = engine_at(url)
        scratch.load(folder)
        try:
            refuse_different(found, scratch.state())
            verified = refuse_unsound(child.state(migrate=True, url=url))
        except Stopped as stopped:
            raise Stopped(f"备份不可用：{str(stopped).removesuffix('。')}。") from stopped
    for name in KEPT_FOLDERS:
        with tarfile.open(folder / f"{name}.tar") as packed:
            packed.getmembers()
    _note_check(folder, found, verified)
    return verified


def _note_check(folder: Path, found: Manifest, verified: int) -> None:
    """Beside the backup, for `doctor`: when it was last restored for a test."""
    words = {"backup": folder.name, "made_at": found.made_at, "verified": verified}
    words["checked_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    place = folder.resolve().parent / "last-check.json"
    draft = place.with_suffix(".part")
    draft.write_text(json.dumps(words))
    draft.replace(place)
