"""Putting back never clears a place from which nothing was taken."""

from pathlib import Path

import pytest

from xianxue.config.operations import restore
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.sqlite import Sqlite


def test_a_folder_that_could_not_be_moved_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "a").write_text("content")
    aside = restore._Aside(tmp_path / "aside")

    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(OSError, match="Permission denied"):
            aside.take(files)
    aside.put_back()
    assert (files / "a").read_text() == "content"


def test_what_was_put_in_the_place_of_nothing_goes(tmp_path: Path) -> None:
    aside = restore._Aside(tmp_path / "aside")
    assert aside.take(tmp_path / "files") == ""
    (tmp_path / "files").mkdir()
    aside.put_back()
    assert not (tmp_path / "files").exists()


def test_a_database_is_moved_with_its_log_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.sqlite3"
    for ending in ("", "-wal"):
        path.with_name(path.name + ending).write_text(ending)
    renamed = Path.rename

    def only_the_first(self: Path, target: Path) -> Path:
        if self.name.endswith("-wal") and "aside" in str(target):
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", only_the_first)
        with pytest.raises(OSError, match="No space left"):
            Sqlite(path).move_aside("now")
    assert [path.with_name(path.name + ending).exists() for ending in ("", "-wal")] == [True, True]
    assert Sqlite(path).move_aside("now") == str(tmp_path / "aside-now")
    path.write_text("half restored")
    Sqlite(path).put_back("now")
    assert (path.read_text(), path.with_name("x.sqlite3-wal").read_text()) == ("", "-wal")


def test_nothing_is_put_back_where_the_database_was_not_moved(tmp_path: Path) -> None:
    class Refusing(Sqlite):
        def move_aside(self, stamp: str) -> str:
            raise OSError(28, "No space left on device")

        def put_back(self, stamp: str) -> None:
            raise AssertionError("would clear what is there")

    with pytest.raises(Stopped, match="什么也没有变"):
        restore._replace(tmp_path, None, Refusing(tmp_path / "x"), "now")  # type: ignore[arg-type]  # never looked at
