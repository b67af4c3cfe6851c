"""A county of its own, in which days pass as a test says: its server's clock goes ahead of the machine's."""

import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.browser.conftest import free_port, served

CHINA = ZoneInfo("Asia/Shanghai")
WATCHES = Path(__file__).parent / "ahead"
MOST_SECONDS = 60


class Days:
    """The calendar of a county that is served; days go forward only, as the county's log does."""

    def __init__(self, address: str, clock: Path) -> None:
        self.address, self.clock = address, clock
        self.today = datetime.now(CHINA)

    def turn_to(self, moment: datetime) -> None:
        """Go on to a moment; whoever was signed in has then been idle for too long."""
        assert moment > self.today
        self.today = moment
        set_clock(self.clock, (moment - datetime.now(CHINA)).total_seconds())
        end = time.monotonic() + MOST_SECONDS
        while abs(served_at(self.address) - moment) > timedelta(minutes=5):
            assert time.monotonic() < end, f"The server did not reach {moment}."
            time.sleep(0.1)

    def in_days(self, count: int, hour: int, minute: int = 0) -> datetime:
        """A later day, at a time."""
        return (self.today + timedelta(days=count)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def set_clock(clock: Path, ahead: float) -> None:
    """Say by how many seconds the server is ahead; it never reads half a number."""
    written = clock.with_suffix(".new")
    written.write_text(str(ahead))
    written.replace(clock)


def served_at(address: str) -> datetime:
    """What time it is to the server: its cookies say when they end, and how long they last."""
    with urllib.request.urlopen(f"{address}/sign-in/", timeout=30) as page:
        cookie: Morsel[str] = next(iter(SimpleCookie(page.headers["Set-Cookie"]).values()))
    return parsedate_to_datetime(cookie["expires"]) - timedelta(seconds=int(cookie["max-age"]))


@contextmanager
def county_in_time(county: Path) -> Iterator[Days]:
    """Serve a county on the machine's own day, and let its days pass."""
    clock = county / "clock"
    set_clock(clock, 0)
    with served(county, free_port(), PYTHONPATH=str(WATCHES), CLOCK_AHEAD=str(clock)) as address:
        yield Days(address, clock)
