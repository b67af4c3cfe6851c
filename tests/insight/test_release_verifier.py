"""The verifier in a signed export: one file, the standard library alone, on a machine without the application."""

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.insight.release_sample import released
from tests.kernel.indicators.sample import make_county
from xianxue.insight.models import Release
from xianxue.insight.releases import exporting
from xianxue.kernel.history.signing import sign


@pytest.fixture
def release(db: None) -> Release:
    return Release.objects.get(pk=released(make_county()).pk)


@pytest.fixture
def folder(release: Release, tmp_path: Path) -> Path:
    with zipfile.ZipFile(BytesIO(exporting.file_of(release))) as package:
        package.extractall(tmp_path)
    return tmp_path


def verified(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -I: neither our packages nor those of the machine.
    command = [sys.executable, "-I", "-X", "utf8", str(folder / "verify.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder, env={})


def test_an_untouched_export_verifies_and_says_what_to_compare(release: Release, folder: Path) -> None:
    done = verified(folder, "--key", release.key_id)
    assert (done.returncode, done.stderr) == (0, "")
    assert "核验通过" in done.stdout
    root = release.short_root
    assert f"发布编号 2024-1，校验码 {root[:4]} {root[4:8]} {root[8:12]} {root[12:]}" in done.stdout


def test_the_zip_itself_is_read_too(release: Release, folder: Path) -> None:
    (folder / "export.zip").write_bytes(exporting.file_of(release))
    assert verified(folder, str(folder / "export.zip")).returncode == 0


@pytest.mark.parametrize("name", ["release.json", "report.docx", "report.html", "parts.parquet", "statement.json"])
def test_a_flipped_byte_in_any_file_is_named(name: str, folder: Path) -> None:
    content = bytearray((folder / name).read_bytes())
    place = content.rindex(b"2024") if name == "statement.json" else len(content) // 2
    content[place] ^= 1
    (folder / name).write_bytes(content)
    done = verified(folder)
    assert done.returncode == 1
    assert f"× {name}" in done.stdout


def test_another_signature_does_not_pass(folder: Path) -> None:
    text = (folder / "signature.json").read_text()
    other = sign(b"something else").value.hex()
    start = text.index('"signature": "') + len('"signature": "')
    (folder / "signature.json").write_text(text[:start] + other + text[start + len(other) :])
    assert verified(folder).returncode == 1


def test_another_key_than_the_expected_is_named(folder: Path) -> None:
    done = verified(folder, "--key", "0" * 16)
    assert done.returncode == 1
    assert "签名密钥" in done.stdout


def test_a_missing_file_is_no_verdict(folder: Path) -> None:
    (folder / "report.docx").unlink()
    assert verified(folder).returncode == 2


def test_the_export_is_the_same_bytes_each_time(release: Release) -> None:
    assert exporting.file_of(release) == exporting.file_of(release)
