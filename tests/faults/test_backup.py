"""A backup is whole or there is none; what is restored is what was backed up; what was there is moved, never deleted."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.databases import new_database
from tests.faults.conftest import a_copy
from tests.installation import Installation, until
from xianxue.config.operations.backup import backups, remove_old
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.restore import refuse_unfit

TABLES = ("history_event", "accounts_user", "organisations_unit")


def counts(installation: Installation) -> dict[str, int]:
    return {name: installation.ask(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}


def back_up(installation: Installation, place: Path | None = None) -> Path:
    done = installation.run("backup", *(("--to", str(place)) if place else ()))
    assert done.returncode == 0, done.stderr
    found = re.search(r"已备份到 (\S+)", done.stdout)
    assert found
    return Path(found[1])


def write_one(installation: Installation, number: int) -> None:
    """One event more: a figure's rows do not matter, only that the log grows."""
    done = installation.run("after-restore", f"2026-01-0{number}T00:00:00+00:00", "0")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def grown(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The prepared one with an event more and files of each kind, to be copied."""
    with a_copy(prepared, tmp_path_factory.mktemp("grown") / "var") as made:
        write_one(made, 1)
        for name, text in (("files/ab/cd", "content"), ("imports/7/source", "rows"), ("logs/x.log", "not kept")):
            path = made.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if made.url.startswith("sqlite"):
            made.write("PRAGMA wal_checkpoint(TRUNCATE);")
        yield made


@pytest.fixture
def filled(grown: Installation, tmp_path: Path) -> Iterator[Installation]:
    with a_copy(grown, tmp_path / "var") as made:
        yield made


@pytest.fixture(scope="module")
def whole(grown: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup of it, which every copy may restore; nobody alters it."""
    return back_up(grown, tmp_path_factory.mktemp("backups-of-grown"))


@pytest.mark.postgres
def test_what_is_backed_up_comes_back_and_what_was_there_is_moved_aside(filled: Installation) -> None:
    backup = back_up(filled)
    manifest = json.loads((backup / "manifest.json").read_text())
    before = counts(filled)
    assert manifest["tables"]["history_event"] == before["history_event"]
    assert manifest["log"]["size"] == filled.ask("SELECT max(seq) FROM history_event")[0][0]
    assert {"files.tar", "imports.tar"} < {part["path"] for part in manifest["parts"]}
    write_one(filled, 2)
    (filled.folder / "files/ab/cd").write_text("another content")

    refused = filled.run("restore", str(backup))
    assert refused.returncode == 1
    assert "未恢复：这里已有数据" in refused.stderr
    done = filled.run("restore", "--move-aside", str(backup))
    assert done.returncode == 0, done.stderr
    assert "原来的库在这份备份之后还有 1 条留痕" in done.stdout

    # One event more than in the backup: that it was restored.
    assert counts(filled) == {**before, "history_event": before["history_event"] + 1}
    action = filled.ask("SELECT action FROM history_event ORDER BY seq DESC LIMIT 1")
    assert action == [("operations.restored",)]
    assert filled.ask("SELECT count(*) FROM django_session") == [(0,)]
    assert (filled.folder / "files/ab/cd").read_text() == "content"
    (aside,) = filled.folder.glob("aside-*")
    assert (aside / "files/ab/cd").read_text() == "another content"
    assert (filled.folder / "logs/x.log").exists()
    assert filled.run("verify-history").returncode == 0


def test_a_restored_old_backup_is_found_by_a_later_checkpoint(filled: Installation, whole: Path) -> None:
    write_one(filled, 2)
    (filled.folder / "kept-outside.txt").write_text(filled.sign())
    assert filled.run("verify-history", "--checkpoint", str(filled.folder / "kept-outside.txt")).returncode == 0

    assert filled.run("restore", "--move-aside", str(whole)).returncode == 0
    # Grown beyond the checkpoint again: size alone would tell nothing.
    write_one(filled, 3)

    assert filled.run("verify-history").returncode == 0
    found = filled.run("verify-history", "--checkpoint", str(filled.folder / "kept-outside.txt"))
    assert found.returncode == 1
    assert "留痕校验未通过" in found.stderr


def test_no_key_is_in_a_backup(made: Path, prepared: Installation) -> None:
    environment = prepared.environment
    keys = [environment[f"XIANXUE_{name}_KEY"] for name in ("SECRET", "DIGEST")]
    keys.append(environment["XIANXUE_SEAL_KEYS"].partition(":")[2])
    keys += [path.read_text() for path in (prepared.folder / "keys").glob("*.pem")]
    content = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert len(keys) == 4
    assert [key for key in keys if key.encode() in content or _raw(key) in content] == []


def _raw(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return key.encode()


@pytest.mark.postgres
def test_a_backup_is_restored_into_a_new_installation(made: Path, prepared: Installation, tmp_path: Path) -> None:
    before = counts(prepared)
    folder = tmp_path / "new"
    folder.mkdir()
    with new_database(folder) as url:
        fresh = Installation(folder, url)
        done = fresh.run("restore", str(made))
        assert done.returncode == 0, done.stderr
        assert "这台机器上没有它的公钥" in done.stdout
        assert counts(fresh) == {**before, "history_event": before["history_event"] + 1}


@pytest.fixture(scope="module")
def made(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup, to be looked at by many tests; those that alter it take a copy."""
    return back_up(prepared, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def copy(made: Path, tmp_path: Path, prepared: Installation, settings: Settings) -> Path:
    settings.SIGNING_KEY = prepared.folder / "keys" / "signing.pem"
    return Path(shutil.copytree(made, tmp_path / made.name))


def test_a_whole_backup_fits(copy: Path) -> None:
    found, warnings = refuse_unfit(copy)
    assert (found.size, warnings) == (sum(part.size for part in found.parts), [])


def test_an_altered_part_is_found(copy: Path) -> None:
    part = copy / "files.tar"
    content = bytearray(part.read_bytes())
    content[600] ^= 1
    part.write_bytes(content)
    (copy / "extra").write_text("x")
    (copy / "imports.tar").unlink()
    with pytest.raises(Stopped, match=r"缺少 imports\.tar；多出 extra；files\.tar 与清单不符"):
        refuse_unfit(copy)


def test_a_manifest_that_was_written_anew_has_no_signature_that_holds(copy: Path, settings: Settings) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["tables"]["accounts_user"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Stopped, match="清单的签名不成立"):
        refuse_unfit(copy)
    settings.SIGNING_KEY = copy / "another.pem"
    assert refuse_unfit(copy)[1] == ["备份的清单由另一把签名密钥签名，这台机器上没有它的公钥，只核对了校验和。"]
    (copy / "manifest.sig.json").unlink()
    assert refuse_unfit(copy)[1] == ["备份的清单没有签名，只核对了校验和。"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SEAL_KEYS", {"t1": b"\x07" * 32}, "没有做备份时的那一把"),
        ("DIGEST_KEY", b"\x07" * 32, "查找摘要密钥"),
        ("CRYPTO_PROFILE", "national", "加密算法"),
    ],
)
def test_other_keys_are_refused(copy: Path, settings: Settings, name: str, value: object, words: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(Stopped, match=words):
        refuse_unfit(copy)


def test_a_backup_of_a_newer_version_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["migrations"].append("people.9999_of_tomorrow")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    (copy / "manifest.sig.json").unlink()
    with pytest.raises(Stopped, match=r"备份来自更新的版本.*people\.9999_of_tomorrow"):
        refuse_unfit(copy)


def test_a_folder_without_a_list_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="不是一份完整的备份"):
        refuse_unfit(tmp_path)
    (tmp_path / "manifest.json").write_text("[")
    with pytest.raises(Stopped, match="已损坏"):
        refuse_unfit(tmp_path)


def test_a_restore_that_does_not_fit_its_list_is_undone(filled: Installation, copy: Path) -> None:
    """As where the list was altered on a machine that lacks the public key."""
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["tables"]["accounts_user"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    (copy / "manifest.sig.json").unlink()
    before = counts(filled)
    refused = filled.run("restore", "--move-aside", str(copy))
    assert "accounts_user 应有" in refused.stderr
    assert "已改回原样，什么也没有变。" in refused.stderr
    assert counts(filled) == before
    assert (filled.folder / "files/ab/cd").read_text() == "content"
    assert list(filled.folder.glob("aside-*")) == []
    assert not (filled.folder / "restoring.json").exists()


@pytest.mark.postgres
def test_a_backup_is_tried_in_a_scratch_database(made: Path, prepared: Installation) -> None:
    before = counts(prepared)
    checked = prepared.run("backup-check", str(made))
    assert checked.returncode == 0, checked.stderr
    assert f"备份可用：{made}" in checked.stdout
    assert counts(prepared) == before
    told = json.loads((made.parent / "last-check.json").read_text())
    assert told["backup"] == made.name
    assert list(prepared.folder.glob(".check-*")) == []


def test_only_the_newest_backups_are_kept(tmp_path: Path) -> None:
    names = [f"xianxue-2026010{day}T000000Z" for day in (1, 2, 3)]
    for name in (*names, "xianxue-notes", "others"):
        (tmp_path / name).mkdir()
    assert [path.name for path in remove_old(tmp_path, 2)] == names[:1]
    assert [path.name for path in backups(tmp_path)] == names[1:]
    assert (tmp_path / "xianxue-notes").exists()


def test_what_a_killed_backup_leaves_is_not_taken_for_one(tmp_path: Path) -> None:
    draft = tmp_path / "xianxue-20260101T000000Z.part"
    draft.mkdir()
    (draft / "manifest.json").write_text("{}")
    assert backups(tmp_path) == []


def test_a_full_disk_leaves_no_half_backup(filled: Installation) -> None:
    """The limit of a file's size stands for a full disk: the same refusal of the system, without a disk to fill."""
    (filled.folder / "files/ab/big").write_bytes(os.urandom(6_000_000))
    earlier = filled.folder / "backups" / "xianxue-20260101T000000Z"
    earlier.mkdir(parents=True)
    limit = "import resource, signal, os, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000,) * 2); os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", limit, sys.executable, "-m", "xianxue.config.cli", "backup"],
        env=filled.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "所在的磁盘已满，写到一半的已删去，以前的备份没有动" in done.stderr
    assert list(earlier.parent.iterdir()) == [earlier]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="mounts a small disk: root only")
def test_a_really_full_disk_leaves_no_half_backup(filled: Installation, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        (disk / "others").write_bytes(bytes(1_000_000))
        with (disk / "others").open("ab") as file:
            file.write(bytes(shutil.disk_usage(disk).free - 300_000))
        done = filled.run("backup", "--to", str(disk))
        assert done.returncode == 1
        assert re.search(r"磁盘已满|只剩 0 MB", done.stderr)
        assert [path.name for path in disk.glob("xianxue*")] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_nothing_is_restored_under_a_running_server(filled: Installation, whole: Path) -> None:
    with filled.running("worker"):
        until(lambda: list((filled.folder / "workers").glob("*")))
        refused = filled.run("restore", "--move-aside", str(whole))
    assert "未恢复：系统正在运行（worker" in refused.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_after_a_restore_that_was_killed_nothing_starts(command: str, tmp_path: Path, settings: Settings) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / "restoring.json").write_text("{}")
    with pytest.raises(CommandError, match=r"^未启动：上一次恢复被中断"):
        call_command(command)
