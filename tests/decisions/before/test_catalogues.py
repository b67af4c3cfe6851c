"""A school's own list: copied from the model, changed, sent, filed; the county's model drafted and issued."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import state
from tests.factories.proposals import make_edition, make_entry, make_model, make_proposal
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, CatalogueFiling, Proposal
from xianxue.decisions.services import catalogues
from xianxue.kernel import sheets
from xianxue.kernel.access import in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures import clock
from xianxue.kernel.sheets.single import save_one
from xianxue.organisations.models import Unit

Desks = dict[str, Desk]
COUNT = 27
"""Entries that the release suggests."""


@pytest.fixture
def model(cast: Cast) -> CatalogueEdition:
    """The county's list for primary schools."""
    return make_model(cast)


def drafted(desks: Desks, number: str = "2030", part: str = "recorder", **given: Any) -> CatalogueFiling:
    unit = desks[part].cast.first_primary.unit
    made: CatalogueFiling = desks[part].does(catalogues.draft, unit=unit, number=number, **given)
    return made


def sent(desks: Desks, filing: CatalogueFiling) -> CatalogueFiling:
    desks["secretary"].does(catalogues.send, filing, adopted_on=clock.today())
    return filing


def filed(desks: Desks, filing: CatalogueFiling, day: date | None = None) -> CatalogueEdition:
    desks["decisions_officer"].does(catalogues.file_list, sent(desks, filing), valid_from=day or clock.today())
    edition: CatalogueEdition = CatalogueEdition.objects.get(pk=filing.edition_id)
    return edition


def saved(desks: Desks, part: str, entry: CatalogueEntry, **cells: str) -> None:
    desk = desks[part]
    with in_reach(desk.cast.reach(part)):
        save_one(sheets.get("catalogue_entries"), cells, by=desk.by, pk=entry.pk)


def entry(filing: CatalogueFiling, code: str) -> CatalogueEntry:
    found: CatalogueEntry = CatalogueEntry.objects.get(edition=filing.edition_id, code=code)
    return found


def test_a_draft_is_a_copy_of_the_model(desks: Desks, model: CatalogueEdition) -> None:
    filing = drafted(desks)
    assert (filing.model, filing.edition.state, state(filing)) == (model, "draft", "drafting")  # type: ignore[arg-type]  # any subject
    own = CatalogueEntry.objects.filter(edition=filing.edition)
    facts = ("code", "name", "chain", "preparations", "threshold_fen", "filing_days", "publication_days")
    assert list(own.order_by("code").values_list(*facts)) == list(
        CatalogueEntry.objects.filter(edition=model).order_by("code").values_list(*facts)
    )
    assert own.count() == COUNT


def test_the_way_to_the_files(desks: Desks, model: CatalogueEdition) -> None:
    edition = filed(desks, drafted(desks))
    today = clock.today()
    assert (edition.state, edition.adopted_on, edition.sent_on, edition.filed_on) == ("filed", today, today, today)
    assert (edition.valid_from, edition.valid_to) == (today, None)
    (last, *_rest) = events_of("decisions.catalogueedition", edition.pk)
    assert last.changes["state_name"] == ["待县局备案", "已备案"]


def test_the_next_edition_ends_the_one_before_and_proposals_keep_theirs(
    cast: Cast, desks: Desks, model: CatalogueEdition
) -> None:
    first = filed(desks, drafted(desks))
    proposal = make_proposal(cast, entry=CatalogueEntry.objects.get(edition=first, code="P02"))
    day = clock.today() + timedelta(days=10)
    second = filed(desks, drafted(desks, "2031", keeps_own=True), day)
    first.refresh_from_db()
    assert (first.valid_to, second.valid_from) == (day - timedelta(days=1), day)
    assert Proposal.objects.get(pk=proposal.pk).entry_id == CatalogueEntry.objects.get(edition=first, code="P02").pk
    assert CatalogueEntry.objects.filter(edition=second).count() == COUNT


def test_the_own_list_is_taken_over_with_what_the_model_has_more(
    cast: Cast, desks: Desks, model: CatalogueEdition
) -> None:
    make_entry(cast.first_primary, edition=make_edition(cast.first_primary, "2029"), code="X01", name="校园开放日")
    filing = drafted(desks, keeps_own=True)
    assert CatalogueEntry.objects.filter(edition=filing.edition_id).count() == COUNT + 1
    assert entry(filing, "X01").name == "校园开放日"


def test_without_an_own_list_there_is_nothing_to_take_over(desks: Desks, model: CatalogueEdition) -> None:
    with pytest.raises(Refused, match="没有现行的清单"):
        drafted(desks, keeps_own=True)


def test_without_a_model_nothing_is_drafted(desks: Desks) -> None:
    with pytest.raises(Refused, match="还没有发布这类学校的清单范本"):
        drafted(desks)


def test_one_draft_at_a_time_and_a_number_once(desks: Desks, model: CatalogueEdition) -> None:
    filing = drafted(desks)
    with pytest.raises(Refused, match="还有一份清单没有办完"):
        drafted(desks, "2031")
    desks["recorder"].does(catalogues.drop, filing, note="重来")
    assert CatalogueEdition.objects.get(pk=filing.edition_id).state == "dropped"
    with pytest.raises(Refused, match="已经有这个版次"):
        drafted(desks)
    assert state(drafted(desks, "2031")) == "drafting"  # type: ignore[arg-type]  # any subject


def test_a_draft_is_changed_by_its_school(desks: Desks, model: CatalogueEdition) -> None:
    filing = drafted(desks)
    wanted = entry(filing, "P02")
    saved(
        desks,
        "recorder",
        wanted,
        threshold="3000",
        chain="校长办公会议、教职工代表大会 → 党组织会议",
        preparations="调研论证、风险评估",
    )
    wanted.refresh_from_db()
    assert wanted.threshold_fen == 300_000
    assert wanted.chain == ["administration", "congress", "party"]
    assert wanted.preparations == ["research", "risk"]


@pytest.mark.parametrize("part", ["decisions_officer", "other_recorder"])
def test_a_draft_is_not_changed_by_anybody_else(desks: Desks, model: CatalogueEdition, part: str) -> None:
    wanted = entry(drafted(desks), "P02")
    with pytest.raises(Refused):
        saved(desks, part, wanted, name="别的事项")
    wanted.refresh_from_db()
    assert wanted.name != "别的事项"


def test_what_is_sent_is_not_changed_until_it_comes_back(desks: Desks, model: CatalogueEdition) -> None:
    filing = sent(desks, drafted(desks))
    wanted = entry(filing, "P02")
    with pytest.raises(Refused, match="已经报送或者备案"):
        saved(desks, "recorder", wanted, name="别的事项")
    desks["decisions_officer"].does(catalogues.send_back, filing, reason="限额写错")
    edition = CatalogueEdition.objects.get(pk=filing.edition_id)
    assert (edition.state, edition.returned_reason, state(filing)) == ("returned", "限额写错", "returned")  # type: ignore[arg-type]  # any subject
    saved(desks, "recorder", wanted, threshold="3000")
    assert filed(desks, filing).state == "filed"
    with pytest.raises(Refused, match="已经报送或者备案"):
        saved(desks, "recorder", wanted, threshold="2000")


def test_what_is_weaker_is_not_sent(desks: Desks, model: CatalogueEdition) -> None:
    filing = drafted(desks)
    saved(desks, "recorder", entry(filing, "D01"), chain="党组织会议")
    with pytest.raises(Refused, match="有 1 处低于要求（D01 学校三年发展规划：会议顺序应包括"):
        sent(desks, filing)
    assert CatalogueEdition.objects.get(pk=filing.edition_id).state == "draft"


def test_what_is_left_out_beforehand_is_sent_with_its_reason(desks: Desks, model: CatalogueEdition) -> None:
    filing = drafted(desks)
    saved(desks, "recorder", entry(filing, "D01"), preparations="调研论证")
    with pytest.raises(Refused, match="没有写理由（D01 学校三年发展规划：少了前置程序：征求意见）"):
        sent(desks, filing)
    saved(desks, "recorder", entry(filing, "D01"), departs_because="教代会上一并征求")
    sent(desks, filing)
    told = CatalogueFiling.objects.get(pk=filing.pk).departures
    assert told == [["D01 学校三年发展规划", "少了前置程序：征求意见", "教代会上一并征求"]]


def test_days_of_the_way(desks: Desks, model: CatalogueEdition) -> None:
    filing, today = drafted(desks), clock.today()
    with pytest.raises(Refused, match="晚于今天"):
        desks["secretary"].does(catalogues.send, filing, adopted_on=today + timedelta(days=1))
    sent(desks, filing)
    with pytest.raises(Refused, match="生效日期早于今天"):
        desks["decisions_officer"].does(catalogues.file_list, filing, valid_from=today - timedelta(days=1))


def test_a_later_edition_is_not_overtaken(cast: Cast, desks: Desks, model: CatalogueEdition) -> None:
    day = clock.today() + timedelta(days=5)
    make_edition(cast.first_primary, "2029", valid_from=day)
    filing = sent(desks, drafted(desks))
    with pytest.raises(Refused, match="已有一版清单在这一天或以后生效"):
        desks["decisions_officer"].does(catalogues.file_list, filing, valid_from=day)
    desks["decisions_officer"].does(catalogues.file_list, filing, valid_from=day + timedelta(days=1))


@pytest.mark.parametrize(("part", "step"), [("recorder", "send"), ("secretary", "file_list"), ("head", "send_back")])
def test_everybody_keeps_to_their_own_step(desks: Desks, model: CatalogueEdition, part: str, step: str) -> None:
    filing = drafted(desks)
    if step != "send":
        sent(desks, filing)
    given: dict[str, dict[str, Any]] = {
        "send": {"adopted_on": clock.today()},
        "file_list": {"valid_from": clock.today()},
        "send_back": {"reason": "改"},
    }
    with pytest.raises(Refused):
        desks[part].does(getattr(catalogues, step), filing, **given[step])


def modelled(desks: Desks, school_type: str = "211", number: str = "2030") -> CatalogueFiling:
    unit = Unit.objects.get(kind="county")
    made: CatalogueFiling = desks["decisions_officer"].does(
        catalogues.draft_model, unit=unit, school_type=school_type, number=number
    )
    return made


def test_the_first_model_is_what_the_release_suggests(desks: Desks) -> None:
    filing = modelled(desks, "311")
    own = CatalogueEntry.objects.filter(edition=filing.edition)
    assert (own.count(), filing.model) == (COUNT, None)
    assert set(own.exclude(threshold_fen=None).values_list("threshold_fen", flat=True)) == {1_000_000}


def test_a_model_is_issued_by_another_person(desks: Desks, model: CatalogueEdition) -> None:
    filing = modelled(desks)
    saved(desks, "decisions_officer", entry(filing, "P02"), threshold="2000")
    officer = desks["decisions_officer"]
    officer.does(catalogues.propose_model, filing, note="限额下调")
    with pytest.raises(Refused):
        officer.does(catalogues.issue_model, filing, valid_from=clock.today())
    desks["director"].does(catalogues.issue_model, filing, valid_from=clock.today())
    model.refresh_from_db()
    edition = CatalogueEdition.objects.get(pk=filing.edition_id)
    assert (edition.state, edition.school_type, edition.valid_from) == ("filed", "211", clock.today())
    assert model.valid_to == clock.today() - timedelta(days=1)
    assert drafted(desks).model == edition


def test_a_model_above_the_county_s_limit_is_not_put_forward(desks: Desks, model: CatalogueEdition) -> None:
    filing = modelled(desks)
    saved(desks, "decisions_officer", entry(filing, "F01"), threshold="5000.01")
    with pytest.raises(Refused, match="限额不能高于县局规定的"):
        desks["decisions_officer"].does(catalogues.propose_model, filing, note="上调")


def test_a_model_is_not_written_by_a_school(desks: Desks, model: CatalogueEdition) -> None:
    wanted = entry(modelled(desks), "P02")
    with pytest.raises(Refused):
        saved(desks, "recorder", wanted, threshold="2000")
