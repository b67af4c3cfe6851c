"""What is typed on the page of a step is what its command is given."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from tests.factories.organisations import ClassroomFactory
from tests.factories.proposals import make_entry, make_model
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, CatalogueFiling, Proposal, RuleChange, RuleSet
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import School


def shown(client: Any, href: str) -> dict[str, Any]:
    """What the form on a page would send if nothing were changed."""
    form = client.get(href).context["page"].form
    return {name: field.initial for name, field in form.fields.items() if field.initial is not None}


def do(cast: Any, part: str, matter: int, step: str, **given: Any) -> None:
    """Open the page of a step, change what is given, and send it."""
    client, href = cast.client(part), reverse("matter-step", args=(matter, step))
    answer = client.post(href, {**shown(client, href), **given})
    assert answer.status_code == 302, answer.context["page"].form.errors


def start(cast: Any, part: str, procedure: str, step: str, **given: Any) -> None:
    client, href = cast.client(part), reverse("matter-start", args=(procedure, step))
    answer = client.post(href, {**shown(client, href), **given})
    assert answer.status_code == 302, answer.context["page"].form.errors


def test_an_amount_typed_in_yuan_is_kept_in_fen(cast: Any) -> None:
    entry = make_entry(cast.first_primary)
    href = reverse("matter-start", args=("decisions.proposal", "propose"))
    given = {"unit": cast.first_primary.pk, "entry": entry.pk, "title": "购置书架", "content": "旧", "amount": "9.50"}
    answer = cast.client("recorder").post(href, given)
    assert answer.status_code == 302
    assert Proposal.unguarded.get().amount_fen == 950


def test_a_proposal_is_put_forward_for_the_school_and_not_for_its_classes(cast: Any) -> None:
    classroom = ClassroomFactory(school=School.objects.get(pk=cast.first_primary.pk))
    page = cast.client("recorder").get(reverse("matter-start", args=("decisions.proposal", "propose"))).content.decode()
    assert f'<option value="{cast.first_primary.pk}" selected>' in page
    assert f'<option value="{classroom.pk}"' not in page


def test_the_rules_are_revised_on_their_pages(cast: Any) -> None:
    today = clock.today()
    given = {"version": "2030-1", "valid_from": today.isoformat(), "source": "县局通知", "reason": "限额下调"}
    start(cast, "decisions_officer", "decisions.rules", "draft", unit=cast.county.pk, **given)
    change = RuleChange.unguarded.get()
    do(cast, "decisions_officer", change.matter_id, "set_limits", limit_211="3000", note="会议定的")
    do(cast, "decisions_officer", change.matter_id, "set_majorities", quorum__party="2/3/0/roster")
    do(cast, "decisions_officer", change.matter_id, "set_checks", C09="0")
    do(cast, "decisions_officer", change.matter_id, "set_frame", reason="限额下调，到会从严")
    do(cast, "decisions_officer", change.matter_id, "submit")
    page = cast.client("director").get(reverse("matter", args=(change.matter_id,))).content.decode()
    assert "5,000.00 元 → 3,000.00 元" in page
    do(cast, "director", change.matter_id, "confirm")
    made = RuleSet.objects.get(version="2030-1")
    assert (made.rules["thresholds"]["211"], made.rules["checks"]["C09"]["is_on"]) == (300_000, False)
    assert (made.rules["quorum"]["party"]["num"], made.note) == (2, "限额下调，到会从严")
    text = cast.client("recorder").get(f"/registers/rule-sets/{made.pk}/").content.decode()
    for words in ("与版本 2024-1 不同之处", "C09 临时动议", "停用", "3,000.00 元"):
        assert words in text, words


def test_a_list_goes_its_way_on_its_pages(cast: Any) -> None:
    make_model(cast)
    today = clock.today().isoformat()
    start(cast, "recorder", "decisions.catalogue", "draft", unit=cast.first_primary.pk, number="2030", keeps_own="0")
    filing = CatalogueFiling.unguarded.get()
    entry = CatalogueEntry.unguarded.get(edition=filing.edition_id, code="D01")
    href = f"/registers/catalogue-entries/{entry.pk}/edit/"
    recorder = cast.client("recorder")
    form = recorder.get(href).context["page"].form
    data = {name: form[name].value() or "" for name in form.fields if name != "seen"}
    answer = recorder.post(href, {**data, "preparations": ["research"], "payment_kinds": []})
    assert answer.status_code == 302, answer.context["page"].form.errors
    edition = f"/registers/catalogue-editions/{filing.edition_id}/"
    for words in ("少了前置程序：征求意见", "没有写理由", "增加一个事项"):
        assert words in recorder.get(edition).content.decode(), words
    step = reverse("matter-step", args=(filing.matter_id, "send"))
    secretary = cast.client("secretary")
    refused = secretary.post(step, {**shown(secretary, step), "adopted_on": today})
    assert refused.status_code == 422
    assert "没有写理由（D01" in str(refused.context["page"].form.errors)
    recorder.post(
        href, {**data, "preparations": ["research"], "payment_kinds": [], "departs_because": "教代会一并征求"}
    )
    do(cast, "secretary", filing.matter_id, "send", adopted_on=today)
    assert recorder.get(href).status_code == 403
    do(cast, "decisions_officer", filing.matter_id, "file_list", valid_from=today)
    assert CatalogueEdition.unguarded.get(pk=filing.edition_id).state == "filed"
    matter = cast.client("decisions_officer").get(reverse("matter", args=(filing.matter_id,))).content.decode()
    assert "少了前置程序：征求意见。理由：教代会一并征求" in matter


def test_a_model_is_drafted_and_issued_on_its_pages(cast: Any) -> None:
    later = (clock.today() + timedelta(days=3)).isoformat()
    given = {"unit": cast.county.pk, "school_type": "341", "number": "2030"}
    start(cast, "decisions_officer", "decisions.model_catalogue", "draft", **given)
    filing = CatalogueFiling.unguarded.get()
    page = cast.client("decisions_officer").get(f"/registers/catalogue-editions/{filing.edition_id}/")
    assert "增加一个事项" in page.content.decode()
    do(cast, "decisions_officer", filing.matter_id, "propose", note="第一版范本")
    do(cast, "director", filing.matter_id, "issue", valid_from=later)
    made = CatalogueEdition.unguarded.get(pk=filing.edition_id)
    assert (made.state, made.school_type, made.valid_from.isoformat()) == ("filed", "341", later)
