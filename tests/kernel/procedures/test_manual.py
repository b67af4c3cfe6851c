"""The chapter of the manual says what the declarations say."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.checks import faults
from xianxue.kernel.procedures.manual import as_markdown


def test_the_page_of_the_manual_is_fresh() -> None:
    page = Path(settings.PACKAGE).parent / "docs" / "guide" / "procedures.md"
    assert page.read_text(encoding="utf-8") == as_markdown(), "run: make generated"


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "PACKAGE", tmp_path / "xianxue")
    with pytest.raises(CommandError, match="已过期"):
        call_command("write_procedures", "--check")
    call_command("write_procedures", verbosity=0)
    call_command("write_procedures", "--check")


def test_every_procedure_and_step_stands_in_the_chapter() -> None:
    text = as_markdown()
    for item in all_procedures():
        assert f"## {item.label}\n" in text
        assert all(f"| {step.label} |" in text for step in item.steps.values())


def test_a_wrong_declaration_is_found_and_told_how_it_is_mended() -> None:
    from tests.kernel.procedures import parcels  # noqa: PLC0415 - app ready: holds a model

    step = parcels.ParcelSending.approve
    kept = (step.at, step.not_by, step.papers, step.to)
    step.at, step.not_by, step.papers, step.to = "nowhere", ("no_step",), ("no_paper",), "no_state"
    try:
        found = {fault.id for fault in faults(parcels.ParcelSending)}
    finally:
        step.at, step.not_by, step.papers, step.to = kept
    assert found == {f"procedures.E0{number}" for number in ("04", "05", "10", "11", "13")}
    assert list(faults(parcels.ParcelSending)) == []
