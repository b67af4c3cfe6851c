"""The permission matrix says what the declarations say, on the page and in the manual."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.cast import make_cast
from tests.factories.accounts import PostingFactory
from xianxue.accounts.selectors import matrix
from xianxue.kernel import resources
from xianxue.kernel.access import all_roles
from xianxue.organisations import roles


def test_the_page_of_the_manual_is_fresh() -> None:
    page = Path(settings.PACKAGE).parent / "docs" / "guide" / "permissions.md"
    assert page.read_text(encoding="utf-8") == matrix.as_markdown(), "run: make generated"


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "PACKAGE", tmp_path / "xianxue")
    with pytest.raises(CommandError, match="权限表已过期"):
        call_command("write_permissions", "--check")
    call_command("write_permissions", verbosity=0)
    call_command("write_permissions", "--check")


def test_every_register_stands_in_the_matrix_with_every_role() -> None:
    groups = matrix.groups()
    assert len(groups) == len(resources.all_registers())
    assert {len(line.allowed) for group in groups for line in group.lines} == {len(all_roles())}


def test_the_auditor_reads_and_changes_nothing() -> None:
    # Looking over an emergency afterwards writes down that it was looked over, and nothing else;
    # the page of a check before a meeting is only read.
    place = list(all_roles()).index(roles.AUDITOR)
    granted = {line.what for group in matrix.groups() for line in group.lines if line.allowed[place]}
    assert granted <= {"查看", "复核", "会前检查"}


@pytest.mark.django_db
def test_the_page_shows_the_matrix_to_everybody_signed_in() -> None:
    page = make_cast().client("stranger").get("/permissions/")
    assert list(page.context["roles"]) == [str(role.label) for role in all_roles()]
    assert page.context["groups"] == matrix.groups()


@pytest.mark.django_db
def test_a_posting_whose_role_no_app_declares_any_more_opens_nothing_and_breaks_no_page() -> None:
    cast = make_cast()
    PostingFactory(user=cast.users["stranger"], role="gone", unit=cast.county)
    client = cast.client("stranger")
    for address in ("/", "/account/", "/todo/", "/procedures/", "/permissions/"):
        assert client.get(address, follow=True).status_code == 200, address
    assert client.get("/registers/pupils/").status_code == 404
    listed = cast.client("security_admin").get("/registers/postings/?q=stranger").content.decode()
    assert "gone" in listed
