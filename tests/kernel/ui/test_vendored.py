"""Vendored files are the ones that the manifests describe, of the versions that the lock file names."""

import hashlib
import json
from pathlib import Path

import pytest

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
