"""The year's major decisions of the demonstration: lists of matters, bodies, proposals, then all checks as of its last day."""

import json
from datetime import date
from pathlib import Path

from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.choices import EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, Proposal
from xianxue.decisions.selectors.rule_sets import book_of, rule_set_on
from xianxue.decisions.services.catalogue_data import copy_for_school, enter_filed, load_model_catalogues
from xianxue.demo.decisions.rosters import Team, make_teams
from xianxue.demo.decisions.writing import write_year
from xianxue.demo.decisions.year import Made, year_of
from xianxue.demo.parts import Say
from xianxue.kernel.access import Actor
from xianxue.kernel.checks.night import check_everything
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.kernel.procedures.clock import acting_on
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import reference_day


def make_decisions(year: int, seed: str, folder: Path, *, by: Actor, say: Say) -> int:
    """Make the proposals of the year and check everything; writes `decisions.json`, the list of what was planted.

    Returns how many proposals there are. Nothing is made twice. Inside a reach that holds the whole county.
    """
    if Proposal.objects.exists():
        return Proposal.objects.count()
    county = Unit.objects.get(kind=UnitKind.COUNTY)
    rule_set = rule_set_on(reference_day())
    load_model_catalogues(county, book_of(rule_set), by=by)
    teams = make_teams(county.pk)
    entries = {team.school.pk: _list_of(team, year, by=by) for team in teams}
    made = list(year_of(teams, entries, rule_set, year, seed))
    count = write_year(made, by=by)
    (folder / "decisions.json").write_text(json.dumps(planted(made), ensure_ascii=False, indent=1), encoding="utf-8")
    with acting_on(date(year, 12, 31)):
        check_everything(DECISIONS, again=True)
    say(f"写入“三重一大”议题 {count} 个，其中埋设问题 {len(planted(made))} 处")
    return count


def planted(made: list[Made]) -> list[dict[str, str | list[str]]]:
    """What was planted: the school, the proposal, the fault in words, the checks that find it."""
    return [
        {
            "school": one.bundle.team.school.unit.name,
            "number": one.bundle.proposal.number,
            "fault": one.plant.words,
            "checks": sorted(one.plant.finds),
        }
        for one in made
        if one.plant
    ]


def _list_of(team: Team, year: int, *, by: Actor) -> list[CatalogueEntry]:
    known = CatalogueEdition.objects.filter(unit=team.school.unit, state=EditionState.FILED).first()
    if known is None:
        known = copy_for_school(team.school, str(year), by=by)
        enter_filed(known, add_working_days(date(year, 1, 10), 1), by=by)
    return list(CatalogueEntry.objects.filter(edition=known).select_related("edition").order_by("order"))
