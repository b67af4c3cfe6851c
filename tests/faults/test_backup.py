"""A backup is whole or there is none; what is restored is what was backed up; what was there is moved, never deleted."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import Installation, new_database

TABLES = ("history_event", "accounts_user", "organisations_unit")


def counts(installation: Installation) -> dict[str, int]:
    return {name: installation.ask(f"SELECT count(*) FROM {name}")[0][0] for name in TABLES}


def back_up(installation: Installation) -> Path:
    done = installation.run("backup")
    assert done.returncode == 0, done.stderr
    found = re.search(r"已备份到 (\S+)", done.stdout)
    assert found
    return Path(found[1])


def write_one(installation: Installation, number: int) -> None:
    """One event more: a figure's rows do not matter, only that the log grows."""
    done = installation.run("after-restore", f"2026-01-0{number}T00:00:00+00:00", "0")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def filled(installation: Installation) -> Installation:
    write_one(installation, 1)
    for name, text in (("files/ab/cd", "content"), ("imports/7/source", "rows"), ("logs/x.log", "not kept")):
        path = installation.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return installation


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


def test_no_key_is_in_a_backup(filled: Installation) -> None:
    backup = back_up(filled)
    environment = filled.environment
    keys = [environment[f"XIANXUE_{name}_KEY"] for name in ("SECRET", "DIGEST")]
    keys.append(environment["XIANXUE_SEAL_KEYS"].partition(":")[2])
    keys += [path.read_text() for path in (filled.folder / "keys").glob("*.pem")]
    content = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert [key for key in keys if key.encode() in content or _raw(key) in content] == []


def _raw(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return key.encode()


def test_a_backup_is_restored_into_a_new_installation(filled: Installation, tmp_path: Path) -> None:
    backup, before = back_up(filled), counts(filled)
    folder = tmp_path / "new"
    folder.mkdir()
    with new_database(folder) as url:
        fresh = Installation(folder, url)
        done = fresh.run("restore", str(backup))
        assert done.returncode == 0, done.stderr
        assert "这台机器上没有它的公钥" in done.stdout
        assert counts(fresh) == {**before, "history_event": before["history_event"] + 1}


def test_an_altered_backup_is_refused_before_anything_is_touched(filled: Installation) -> None:
    backup, before = back_up(filled), counts(filled)
    part = backup / "files.tar"
    content = bytearray(part.read_bytes())
    content[600] ^= 1
    part.write_bytes(content)
    for command in (("restore", "--move-aside"), ("backup-check",)):
        refused = filled.run(*command, str(backup))
        assert refused.returncode == 1
        assert "files.tar 与清单不符" in refused.stderr
    assert counts(filled) == before


def test_a_manifest_that_was_written_anew_has_no_signature_that_holds(filled: Installation) -> None:
    backup = back_up(filled)
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["tables"]["accounts_user"] += 1
    (backup / "manifest.json").write_text(json.dumps(manifest))
    assert "清单的签名不成立" in filled.run("restore", "--move-aside", str(backup)).stderr
    (backup / "manifest.sig.json").unlink()
    refused = filled.run("restore", "--move-aside", str(backup))
    assert "accounts_user 应有" in refused.stderr
    assert "已改回原样，什么也没有变。" in refused.stderr
    assert filled.run("verify-history").returncode == 0
    assert (filled.folder / "files/ab/cd").read_text() == "content"
    assert list(filled.folder.glob("aside-*")) == []


def test_other_keys_are_refused(filled: Installation) -> None:
    backup = back_up(filled)
    filled.extra["XIANXUE_SEAL_KEYS"] = f"t1:{'5f' * 32}"
    refused = filled.run("restore", "--move-aside", str(backup))
    assert "没有做备份时的那一把" in refused.stderr
    filled.extra = {"XIANXUE_DIGEST_KEY": "d2" * 32}
    assert "查找摘要密钥" in filled.run("restore", "--move-aside", str(backup)).stderr


def test_a_backup_is_tried_in_a_scratch_database(filled: Installation) -> None:
    backup, before = back_up(filled), counts(filled)
    checked = filled.run("backup-check")
    assert checked.returncode == 0, checked.stderr
    assert f"备份可用：{backup}" in checked.stdout
    assert counts(filled) == before
    told = json.loads((backup.parent / "last-check.json").read_text())
    assert told["backup"] == backup.name
    assert [path.name for path in filled.folder.glob(".check-*")] == []


def test_only_the_newest_backups_are_kept(filled: Installation) -> None:
    first = back_up(filled)
    filled.extra["XIANXUE_BACKUP_KEEP"] = "2"
    second, third = back_up(filled), back_up(filled)
    assert sorted(path.name for path in first.parent.glob("xianxue-*")) == sorted([second.name, third.name])


def test_a_backup_that_is_killed_leaves_none(filled: Installation) -> None:
    """The name is given last: what a killed backup leaves is not taken for one."""
    place = filled.folder / "backups"
    draft = place / "xianxue-20260101T000000Z.part"
    draft.mkdir(parents=True)
    (draft / "manifest.json").write_text("{}")
    os.utime(draft, (0, 0))
    assert "备份目录里没有备份" in filled.run("backup-check").stderr
    made = back_up(filled)
    assert [path.name for path in place.glob("xianxue-*")] == [made.name]


def test_a_full_disk_leaves_no_half_backup(filled: Installation) -> None:
    """The limit of a file's size stands for a full disk: the same refusal of the system, without a disk to fill."""
    if filled.url.startswith("sqlite"):
        filled.write("CREATE TABLE big (x BLOB); INSERT INTO big VALUES (zeroblob(6000000)); DROP TABLE big;")
    else:
        (filled.folder / "files/ab/big").write_bytes(os.urandom(6_000_000))
    first = back_up(filled)
    limit = "import resource, signal, os, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000,) * 2); os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", limit, sys.executable, "-m", "xianxue.config.cli", "backup"],
        env=filled.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "所在的磁盘已满，写到一半的已删去，以前的备份没有动" in done.stderr
    assert [path.name for path in first.parent.glob("*")] == [first.name]


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


def test_nothing_is_restored_under_a_running_server(filled: Installation) -> None:
    backup = back_up(filled)
    with filled.running("worker") as worker:
        lock = filled.folder / "workers"
        while not (lock.exists() and list(lock.iterdir())):
            assert worker.poll() is None
        refused = filled.run("restore", "--move-aside", str(backup))
    assert "未恢复：系统正在运行（worker" in refused.stderr


def test_after_a_restore_that_was_killed_nothing_starts(filled: Installation) -> None:
    (filled.folder / "restoring.json").write_text("{}")
    for command in ("serve", "worker"):
        refused = filled.run(command)
        assert refused.returncode == 1
        assert "未启动：上一次恢复被中断" in refused.stderr
