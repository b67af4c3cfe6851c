"""Every template is drawn by a page that is tried; one that is drawn nowhere is dead or untried."""

from pathlib import Path
from typing import Any

import pytest
from django.test.signals import template_rendered
from django.urls import include, path, reverse

import xianxue
from tests.contracts.addresses import PAGES
from tests.contracts.stage import Stage
from xianxue.config import urls as application
from xianxue.kernel import resources
from xianxue.kernel.resources import paths
from xianxue.kernel.ui import kept

urlpatterns = [*application.urlpatterns, path("ui/", include("xianxue.kernel.ui.urls"))]
EXEMPT = {
    "400.html": "Django's own view for requests that are no HTTP",
    "500.html": "shown when everything else fails; drawn by tests/kernel/ui",
    "disk_full.html": "tests/kernel/ui/test_faults.py: no room to write",
    "503.html": "tests/contracts/test_odd_requests.py: a database that is busy",
    "403_csrf.html": "tests/accounts: the test client sends no stale tokens",
    "insight/bars.html": "part of a computed figure",
    "insight/figure.html": "tests/insight: needs computed figures",
    "insight/figure_none.html": "tests/insight: a figure without records",
    "accounts/recovery_codes.html": "tests/accounts/test_second_step.py: shown once, as the answer to a form",
    "accounts/second_step.html": "tests/accounts/test_second_step.py: needs the first step",
    "accounts/signed_out.html": "tests/accounts/test_provider.py: needs an identity provider",
    "accounts/temporary_password.html": "tests/accounts/test_administrators.py: shown once, as the answer to a form",
    "evidence/check.html": "tests/kernel/evidence: open to everybody",
    "insight/release_check.html": "tests/insight: open to everybody",
    "insight/release_check_start.html": "tests/insight: open to everybody",
    "insight/rows.html": "tests/insight: needs computed figures",
    "insight/sentence.html": "tests/insight: needs a report",
    "decisions/public_list.html": "tests/decisions/after/test_public_page.py: closed unless a setting opens it",
    "decisions/public_notice.html": "tests/decisions/after/test_public_page.py: closed unless a setting opens it",
    **{
        f"meetings/{part}.html": "tests/meetings/test_desk.py: needs a meeting under way"
        for part in (
            "presence", "item_head", "item_record", "member/item", "member/vote", "member/signed", "member/amend",
            "desk/item", "desk/person", "desk/hidden", "desk/at", "desk/recused", "desk/recuse", "desk/discussion",
            "desk/ballots", "desk/ending", "desk/postpone", "desk/added", "desk/summary",
        )
    },
}  # fmt: skip


def on_disk() -> set[str]:
    root = Path(xianxue.__file__).parent
    return {
        file.relative_to(folder).as_posix() for folder in root.glob("**/templates") for file in folder.glob("**/*.html")
    }


def _addresses(stage: Stage) -> list[tuple[str, str]]:
    found = [(page.part, reverse(name, kwargs=dict(page.about(stage)))) for name, page in PAGES.items()]
    found += [("system_admin", reverse("ui:gallery")), ("nobody", reverse("sign-in")), ("head", "/no/such/page/")]
    for register in resources.all_registers():
        # Guardians come with pupils of their own.
        number = 5 if register.code == "guardians" else 0
        row, reader = stage.row(register, number), stage.reader(register)
        found += [(reader, register.url()), (reader, register.url("detail", row.pk))]
        if register.sheet and register.creates:
            found += [(stage.changer(register), register.url("new")), (reader, register.url("new"))]
        if register.grid:
            unit = paths.value(row, register.grid.path)
            found += [(stage.changer(register), register.url(*page)) for page in (("grid-units",), ("grid", unit))]
    return found


@pytest.mark.urls(__name__)
def test_every_template_is_drawn(stage: Stage) -> None:
    drawn: set[str] = set()

    def note(template: Any, **_others: Any) -> None:
        drawn.add(str(template.name))

    # What is kept of the frame from earlier tests would not be drawn again.
    kept.forget()
    template_rendered.connect(note)
    try:
        for part, address in _addresses(stage):
            stage.cast.client(part).get(address)
        client = stage.cast.client("system_admin")
        for address in _samples(client):
            client.get(address)
    finally:
        template_rendered.disconnect(note)
    assert sorted(on_disk() - drawn - set(EXEMPT)) == []
    assert sorted(set(EXEMPT) - on_disk()) == [], "these templates are gone"


def _samples(client: Any) -> list[str]:
    from xianxue.kernel.ui.gallery import PAGES as pages  # noqa: N811, PLC0415 - app ready

    return [reverse("ui:sample", args=[name]) for name in pages]
