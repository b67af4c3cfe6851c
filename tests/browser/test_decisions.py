"""One major decision of a school, walked from proposal to archive by everybody concerned; another stopped before its meeting."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.browser.conftest import SignIn, Violations
from tests.browser.walk import after, before, meetings
from tests.browser.walk.days import Days, county_in_time
from tests.browser.walk.walk import Walk

STAGES = (
    before.rosters_are_put_right, before.the_list_is_filed, before.both_are_proposed, before.what_is_missing_is_shown, before.it_is_prepared,
    before.a_meeting_is_called, before.the_other_is_stopped, meetings.it_is_tabled_and_read, meetings.the_team_meets, meetings.the_team_votes_by_hands,
    meetings.it_is_signed_and_locked, meetings.the_party_meets, meetings.it_is_signed_and_locked, after.the_minutes_read_as_they_should,
    after.it_is_published, after.it_is_carried_out_and_archived, after.the_bureau_sees_it,
)  # fmt: skip


@pytest.fixture
def days(built: Path, tmp_path: Path) -> Iterator[Days]:
    """A county of this test's own, on the next morning."""
    with county_in_time(Path(copytree(built, tmp_path / "var"))) as made:
        made.turn_to(made.in_days(1, 9))
        yield made


@pytest.fixture
def address(days: Days) -> str:
    """Where that county is served."""
    return days.address


def test_one_matter_is_walked_from_proposal_to_archive_and_another_is_stopped(
    days: Days, sign_in: SignIn, violations: Violations
) -> None:
    walk = Walk(days, sign_in, violations)
    for stage in STAGES:
        stage(walk)
