"""All checks over 100 schools × 200 proposals × 5 years and 1,000,000 payments; one proposal after a change; the county page.

    BENCH_DIR=… python -m bench.decisions [--schools 100 --years 5 --proposals 200 --payments 1000000] [--postgres]

Targets: a night ≤ 60 s on two cores, the checks of one proposal after a change ≤ 100 ms, the county page ≤ 300 ms.
The first night writes a run a proposal and opens every finding; the second writes nothing.
Floor: the driver alone reads every row that the checks look at. There is no peer: no open program checks such procedures.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import county
from bench.measure import milliseconds, name_tag, timed


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    for name, default in (
        ("schools", 100),
        ("years", 5),
        ("proposals", 200),
        ("payments", 1_000_000),
        ("processes", 2),
    ):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("--fresh", action="store_true", help="make the schools anew")
    options.add_argument("--part", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.part:
        _ready()
        if given.part == "make":
            _make_here(given)
            return
        print(_night_of(given.part))
        return
    with _database(given):
        print(name_tag(), f"load {os.getloadavg()[0]:.1f}", sep="\n")
        _measure(given)


@contextmanager
def _database(given: argparse.Namespace) -> Iterator[None]:
    """A copy of the schools, which are made once; `--fresh` makes them anew."""
    folder = county.FOLDER / "decisions"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        XIANXUE_DEMO="true", XIANXUE_VAR_DIR=str(folder), DJANGO_SETTINGS_MODULE="xianxue.config.settings"
    )
    made = f"made_{given.schools}_{given.years}_{given.proposals}_{given.payments}"
    if not given.postgres:
        source, copy = folder / f"{made}.sqlite3", folder / "night.sqlite3"
        if given.fresh or not source.exists():
            _make(given, f"sqlite://{source}.begun")
            Path(f"{source}.begun").rename(source)
        for ending in ("-wal", "-shm"):
            Path(f"{copy}{ending}").unlink(missing_ok=True)
        shutil.copyfile(source, copy)
        os.environ["XIANXUE_DATABASE_URL"] = f"sqlite://{copy}"
        _ready()
        yield
        return
    with county.postgres_server(folder / "server") as url:
        source, begun = (url.replace("/xianxue", f"/{name}") for name in (made, f"{made}_begun"))
        if given.fresh or not county.exists(source):
            county.create(begun, fresh=True)
            _make(given, begun)
            county.create(source, like=f"{made}_begun", fresh=True)
            county.drop(begun)
        county.create(url, like=made, fresh=True)
        os.environ["XIANXUE_DATABASE_URL"] = url
        _ready()
        yield


def _make(given: argparse.Namespace, url: str) -> None:
    """In a process of its own, which leaves no connection open to what will be copied."""
    sizes = [f"--{name}={getattr(given, name)}" for name in ("schools", "years", "proposals", "payments")]
    command = [sys.executable, "-m", "bench.decisions", "--part", "make", *sizes]
    subprocess.run(command, check=True, env={**os.environ, "XIANXUE_DATABASE_URL": url})


def _make_here(given: argparse.Namespace) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - app ready
    from django.db import connection, transaction  # noqa: PLC0415 - app ready

    from bench.decisions_made import make  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    with whole_county("bench"), transaction.atomic():
        rows = make(schools=given.schools, years=given.years, a_year=given.proposals, payments=given.payments)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{connection.vendor}, {rows} rows made in {time.perf_counter() - started:.0f} s", flush=True)


def _ready() -> None:
    import django  # noqa: PLC0415 - app ready: the environment above must come first

    django.setup()


def _measure(given: argparse.Namespace) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - app ready
    from django.db import connection  # noqa: PLC0415 - app ready

    call_command("migrate", verbosity=0)
    print(connection.vendor)
    for night in ("first night", "second night"):
        _timed(f"{night}, {given.processes} processes", lambda: _night(given.processes))
    _timed("floor: the driver alone reads the rows", _floor)
    _found()
    _after_a_change()
    _county_page()
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _timed(name: str, call: Callable[[], Any]) -> None:
    started = time.perf_counter()
    said = call()
    print(f"{name:44} {time.perf_counter() - started:9.2f} s  {said}")


def _night(processes: int) -> str:
    """One night, shared out over so many processes; their start-up counts."""
    if processes == 1:
        return _night_of("0/1")
    parts = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.decisions", "--part", f"{at}/{processes}"], stdout=subprocess.PIPE, text=True
        )
        for at in range(processes)
    ]
    said = [part.communicate()[0].strip().splitlines()[-1] for part in parts]
    if any(part.returncode for part in parts):
        message = "a process of the night failed"
        raise RuntimeError(message)
    return "; ".join(said)


def _night_of(part: str) -> str:
    from xianxue.decisions.checks import DECISIONS  # noqa: PLC0415 - app ready
    from xianxue.kernel.checks.night import check_everything  # noqa: PLC0415 - app ready

    at, _slash, of = part.partition("/")
    return check_everything(DECISIONS, again=True, part=(int(at), int(of)))


def _floor() -> str:
    """All rows of proposals, meetings and ledgers, one table after the other."""
    from django.apps import apps  # noqa: PLC0415 - app ready
    from django.db import connection  # noqa: PLC0415 - app ready

    models = [
        model for label in ("decisions", "ledgers", "meetings") for model in apps.get_app_config(label).get_models()
    ]
    kept = {"decisions_checkrun", "decisions_finding", "decisions_nightlycheck"}
    rows, spent = 0, time.process_time()
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in models if model._meta.db_table not in kept):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            while some := cursor.fetchmany(10_000):
                rows += len(some)
    return f"{rows:,} rows, processor {time.process_time() - spent:.1f} s"


def _found() -> None:
    from xianxue.decisions.models import CheckRun, Finding  # noqa: PLC0415 - app ready

    by_check = Counter(Finding.unguarded.values_list("check_code", flat=True))
    print(f"{CheckRun.unguarded.count()} runs, {sum(by_check.values())} findings: {dict(sorted(by_check.items()))}")


def _after_a_change() -> None:
    """One proposal whose result differs each time, and one whose does not."""
    from xianxue.decisions.models import CheckRun, Proposal  # noqa: PLC0415 - app ready
    from xianxue.decisions.services.checking import check_proposal, check_schools  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import system_actor, whole_county  # noqa: PLC0415 - app ready

    by = system_actor("task")
    with whole_county("bench"):
        proposal = Proposal.objects.order_by("pk")[Proposal.objects.count() // 2]
        print(
            milliseconds(
                "one proposal, nothing new", timed(lambda: check_proposal(proposal, by=by), warm=3, runs=30), 100
            )
        )

        def changed() -> None:
            CheckRun.unguarded.filter(proposal=proposal, is_last=True).update(digest="")
            check_proposal(proposal, by=by)

        print(milliseconds("one proposal, another result", timed(changed, warm=3, runs=30), 100))
        school = proposal.unit_id
        print(
            milliseconds(
                "the ledgers of one school", timed(lambda: check_schools([school], by=by), warm=1, runs=5), 1000
            )
        )


def _county_page() -> None:
    from django.utils import timezone  # noqa: PLC0415 - app ready

    from xianxue.decisions.selectors.overview import overview  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    year = timezone.localdate().year - 1
    with whole_county("bench"):
        print(milliseconds("the county, one year", timed(lambda: overview(year), warm=2, runs=10), 300))


if __name__ == "__main__":
    main()
