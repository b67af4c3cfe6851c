"""Start-up refuses what is unknown or unsafe; the manual's table is the declaration itself."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from xianxue.config.databases import database
from xianxue.config.env import Env, faults, unknown_names
from xianxue.config.management.commands.settings_page import settings_page
from xianxue.config.secrets import demo_keys, new_keys, with_demo_keys

SAFE = {
    "secret_key": "s" * 50,
    "seal_keys": {"k1": b"\x01" * 32},
    "digest_key": b"\x02" * 32,
}


def test_safe_settings_have_no_faults() -> None:
    assert faults(Env.model_validate(SAFE)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": "short"}, "XIANXUE_SECRET_KEY"),
        ({"seal_keys": {}}, "XIANXUE_SEAL_KEYS"),
        ({"seal_keys": {"k1": b"\x01" * 16}}, "XIANXUE_SEAL_KEYS"),
        ({"digest_key": b""}, "XIANXUE_DIGEST_KEY"),
        ({"debug": True}, "XIANXUE_DEBUG"),
    ],
)
def test_unsafe_settings_are_named(change: dict[str, object], named: str) -> None:
    (fault,) = faults(Env.model_validate({**SAFE, **change}))
    assert fault.startswith(named)
    assert fault.endswith("。")


def test_the_demonstration_may_start_without_keys() -> None:
    assert faults(Env(demo=True, secret_key="", seal_keys={}, digest_key=b"", debug=True)) == []


def test_unknown_names_are_found() -> None:
    assert unknown_names({"XIANXUE_DATABASE_URL": "", "XIANXUE_DATABSE_URL": "", "PATH": ""}) == ["XIANXUE_DATABSE_URL"]


def test_keys_are_read_from_text() -> None:
    env = Env.model_validate({"seal_keys": f"k2:{'ab' * 32}, k1:{'cd' * 32}", "digest_key": "ef" * 32})
    assert env.seal_keys == {"k2": b"\xab" * 32, "k1": b"\xcd" * 32}
    assert env.digest_key == b"\xef" * 32


def test_fresh_keys_are_safe() -> None:
    assert faults(Env.model_validate(new_keys())) == []


def test_keys_of_the_demonstration_are_made_once_and_private(tmp_path: Path) -> None:
    first = demo_keys(tmp_path)
    assert demo_keys(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "demo-keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["demo-keys.json"]


def test_keys_of_the_demonstration_fill_only_what_is_missing(tmp_path: Path) -> None:
    env = with_demo_keys(Env(demo=True, var_dir=tmp_path, secret_key="given", seal_keys={}, digest_key=b""))
    assert env.secret_key == "given"
    assert len(env.digest_key) == 32


def test_secrets_do_not_show_in_the_settings_as_text() -> None:
    assert "01" * 4 not in repr(Env.model_validate(SAFE))
    assert "sss" not in repr(Env.model_validate(SAFE))


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("", "sqlite3", "xianxue.sqlite3"),
        ("sqlite:///{folder}/other.sqlite3", "sqlite3", "other.sqlite3"),
        ("postgresql://li%40w:p%3A@127.0.0.1:5433/xian", "postgresql", "xian"),
    ],
)
def test_databases_are_read_from_a_url(url: str, engine: str, name: str, tmp_path: Path) -> None:
    found = database(url.format(folder=str(tmp_path).lstrip("/")), tmp_path)
    assert found["ENGINE"].endswith(engine)
    assert Path(found["NAME"]).name == name


def test_passwords_in_a_url_may_hold_any_character(tmp_path: Path) -> None:
    found = database("postgresql://li%40w:p%3A@127.0.0.1:5433/xian", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["PORT"]) == ("li@w", "p:", 5433)


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown scheme 'mysql'"):
        database("mysql://x/y", tmp_path)


def test_the_manual_has_every_setting() -> None:
    assert Path("docs/guide/settings.md").read_text() == settings_page(), "run: make generated"


def start(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("XIANXUE_", "DJANGO_"))}
    command = [sys.executable, "-m", "xianxue.config.cli", *words]
    return subprocess.run(command, env={**given, **environment}, capture_output=True, text=True, check=False)


def test_the_program_refuses_to_start_unsafe(tmp_path: Path) -> None:
    done = start("verify-history", XIANXUE_VAR_DIR=str(tmp_path), XIANXUE_PROT="8000")
    assert done.returncode == 1
    assert "没有名为 XIANXUE_PROT 的设置，请检查拼写。" in done.stderr
    assert "XIANXUE_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_can_be_made_before_anything_is_set(tmp_path: Path) -> None:
    done = start("keys", XIANXUE_VAR_DIR=str(tmp_path))
    assert done.returncode == 0
    names = [line.split("=", 1)[0] for line in done.stdout.splitlines()]
    assert names == ["XIANXUE_SECRET_KEY", "XIANXUE_SEAL_KEYS", "XIANXUE_DIGEST_KEY"]


def test_demo_keys_file_is_json(tmp_path: Path) -> None:
    demo_keys(tmp_path)
    assert set(json.loads((tmp_path / "demo-keys.json").read_text())) == {"secret_key", "seal_keys", "digest_key"}


def test_the_demonstration_never_removes_a_database_that_it_did_not_make(tmp_path: Path) -> None:
    database = tmp_path / "xianxue.sqlite3"
    database.write_bytes(b"")
    done = start("demo", "--fresh", XIANXUE_VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "未删除：数据目录里的数据库不是演示县。" in done.stderr
    assert database.exists()
