"""Vendored files are the ones that the manifests describe, of the versions that the lock file names."""

import hashlib
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).parents[3]
FOLDERS = ("xianxue/kernel/ui/static/ui/vendor", "tests/vendor")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_in_the_manifest_with_its_hash(folder: str) -> None:
    manifest = json.loads((ROOT / folder / "vendor.json").read_text(encoding="utf-8"))
    found = {path.name for path in (ROOT / folder).iterdir()} - {"vendor.json"}
    assert {entry["file"] for entry in manifest} == found
    for entry in manifest:
        assert hashlib.sha256((ROOT / folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry[
            "file"
        ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_versions_are_those_of_the_lock_file_and_licences_are_named(folder: str) -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for entry in json.loads((ROOT / folder / "vendor.json").read_text(encoding="utf-8")):
        for package in entry["packages"]:
            assert locked[f"node_modules/{package['name']}"]["version"] == package["version"]
            assert package["licence"]


def test_the_lock_file_names_no_host_and_nothing_points_to_a_source_map() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
    for folder in FOLDERS:
        for script in (ROOT / folder).glob("*.js"):
            assert "sourceMappingURL" not in script.read_text(encoding="utf-8"), script.name


def test_static_files_can_be_hashed_with_the_imports_of_their_modules(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "xianxue.kernel.ui.storage.HashedFiles"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path, DEBUG=False):
        call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    everything = (tmp_path / names["ui/controllers/all.js"]).read_text(encoding="utf-8")
    assert names["ui/controllers/table.js"].removeprefix("ui/controllers/") in everything
    chart = (tmp_path / names["ui/controllers/chart.js"]).read_text(encoding="utf-8")
    assert f'import("../{names["ui/vendor/echarts.js"].removeprefix("ui/")}")' in chart
