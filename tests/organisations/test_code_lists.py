from collections import Counter

import pytest
from django.core.management import call_command

from xianxue.organisations.choices import Locality, Ownership, Stage
from xianxue.organisations.models import Code, CodeList
from xianxue.organisations.selectors import code_table, forget_codes
from xianxue.organisations.services import load_code_lists
from xianxue.people.choices import Boarding, EnrolmentStatus, ExitReason, IdentifierKind, Post, Sex

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _codes() -> None:
    load_code_lists()
    forget_codes()


def test_loading_again_changes_nothing() -> None:
    before = list(Code.objects.order_by("pk").values())
    assert load_code_lists().written == ()
    call_command("load_code_lists")
    assert list(Code.objects.order_by("pk").values()) == before


def test_a_new_version_is_written_over_the_old_and_leaves_what_the_county_added() -> None:
    ethnic = CodeList.objects.get(code="ethnic_group")
    Code.objects.filter(code_list=ethnic, value="01").update(label="旧名")
    Code.objects.create(code_list=ethnic, value="X1", label="县里加的")
    CodeList.objects.filter(pk=ethnic.pk).update(version="1981")
    assert load_code_lists().written == ("ethnic_group",)
    forget_codes()
    assert code_table("ethnic_group").label("01") == "汉族"
    assert code_table("ethnic_group").label("X1") == "县里加的"


def test_every_list_names_its_owner_source_and_version() -> None:
    lists = CodeList.objects.all()
    assert lists.count() >= 24
    for code_list in lists:
        assert code_list.source, code_list.code
        assert code_list.version, code_list.code
        assert code_list.codes.exists(), code_list.code


def test_ethnic_groups_are_the_56_and_two_more() -> None:
    labels = code_table("ethnic_group").labels
    assert [value for value in labels if value <= "56"] == [f"{number:02d}" for number in range(1, 57)]
    assert (labels["15"], labels["56"], labels["97"]) == ("土家族", "基诺族", "其他")


def test_no_spelling_means_two_codes() -> None:
    for code_list in CodeList.objects.prefetch_related("codes"):
        spellings: Counter[str] = Counter()
        for code in code_list.codes.all():
            spellings.update({code.value, code.label, *filter(None, code.synonyms.split("|"))})
        assert [spelling for spelling, times in spellings.items() if times > 1] == [], code_list.code


def test_spellings_are_exact_and_nothing_is_guessed() -> None:
    spellings = code_table("ethnic_group").spellings
    assert spellings["汉"] == spellings["汉族"] == spellings["01"] == "01"
    assert "汉族人" not in spellings


@pytest.mark.parametrize(
    ("code", "choices"),
    [
        ("sex", Sex),
        ("boarding", Boarding),
        ("post", Post),
        ("stage", Stage),
        ("ownership", Ownership),
        ("locality", Locality),
        ("identifier_kind", IdentifierKind),
        ("enrolment_status", EnrolmentStatus),
        ("exit_reason", ExitReason),
    ],
)
def test_lists_beside_the_program_s_own_enumerations_agree_with_them(code: str, choices: type) -> None:
    expected = set(choices.values) - {IdentifierKind.STUDENT_NO}  # type: ignore[attr-defined]  # every enumeration has values
    assert set(code_table(code).labels) == expected


def test_a_list_that_does_not_exist_is_empty() -> None:
    assert code_table("no_such_list").labels == {}
