"""What every test stands on: settings of their own, a database server where one is asked for, and no network.

XIANXUE_TEST_DB=sqlite (default) or postgres chooses the database. Nothing of the machine's own Xianxue is read.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests import cluster, costs, databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Cast
    from tests.standing import Standing

LOOPBACK = {"127.0.0.1", "::1", "localhost", "", None}
CLUSTER = pytest.StashKey[cluster.Cluster]()
FOLDER = pytest.StashKey[Path]()

# The same examples on every run: a red check must be red again when it is looked into.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("steady")


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host not in LOOPBACK:
        raise RuntimeError(f"Tests have no network: {host} was asked for.")


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment that `xianxue.config.settings` reads; it is loaded after this."""
    sys.addaudithook(_refuse_network)
    config.pluginmanager.register(costs.Costs(), "costs")
    engine = os.environ.get("XIANXUE_TEST_DB", "sqlite")
    if engine not in {"sqlite", "postgres"}:
        raise pytest.UsageError(f"XIANXUE_TEST_DB={engine}: use sqlite or postgres.")
    given_url = os.environ.get("XIANXUE_DATABASE_URL", "")
    for name in [name for name in os.environ if name.startswith("XIANXUE_")]:
        del os.environ[name]
    config.stash[FOLDER] = folder = Path(tempfile.mkdtemp(prefix="xianxue-tests-"))
    (folder / "static").mkdir()  # WhiteNoise warns where it finds no folder
    if engine == "sqlite":
        url = f"sqlite://{folder / 'xianxue.sqlite3'}"
    elif hasattr(config, "workerinput"):
        url = given_url  # the controller's cluster
    else:
        config.stash[CLUSTER] = cluster.start()
        url = config.stash[CLUSTER].url
    os.environ.update(
        XIANXUE_TEST_DB=engine,
        XIANXUE_DATABASE_URL=url,
        XIANXUE_VAR_DIR=str(folder),
        XIANXUE_SECRET_KEY="of the tests alone, and never of a county's installation",
        XIANXUE_SEAL_KEYS=f"t1:{'5e' * 32}",
        XIANXUE_DIGEST_KEY="d1" * 32,
        # Its own tests bring the day forward; everybody else signs in without a telephone.
        XIANXUE_SECOND_FACTOR_FROM="2999-01-01",
        DJANGO_SETTINGS_MODULE="xianxue.config.settings",
    )
    _hurry()


def _hurry() -> None:
    from django.conf import settings  # noqa: PLC0415 - app ready: the environment above must come first

    # Argon2 is slow on purpose; the tests of sign-in name it themselves.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


# Folders and files whose tests take seconds each: begun first, so that no worker is left alone with them at the end.
LONG = ("tests/deploy", "tests/faults", "tests/kernel/sheets/test_killed.py", "tests/demo")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run be about one app: `make test-app APP=aid`."""
    parser.addoption("--app", help="only what is about this app: its tests, and its rows of the contracts")


# What shares something that takes seconds to make stays with one worker (a mark for this, `xdist_group`, is not heeded by
# pytest-xdist 3.8 with pytest 9.2).
TOGETHER = (
    *("tests/deploy/", "tests/demo/", "tests/faults/test_backup.py", "tests/faults/test_database_gone.py"),
    *("tests/browser/test_excel_door.py", "tests/browser/test_figures.py", "tests/browser/test_register.py"),
    *("tests/browser/test_report.py", "tests/accounts/test_provider_real.py"),
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests one by one, those that belong together as one."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - slow import: only where there are workers

    class Together(LoadScopeScheduling):  # type: ignore[misc]  # published without types
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about other apps, where one is asked for, and begin with the longest."""
    if app := config.getoption("app"):
        others = [item for item in items if costs.app_of(item) != app]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if costs.app_of(item) == app]
    items.sort(key=lambda item: next((at for at, place in enumerate(LONG) if item.nodeid.startswith(place)), len(LONG)))


def pytest_collection_finish() -> None:
    """Take what was imported out of the collector's sight: it stays to the end, and looking at it took a twentieth."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let the workers read their own settings: named in the environment, they would be read before the above."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove what the tests wrote."""
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()
    if FOLDER in config.stash:
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """Give this process its copy of the migrated database (in a file on SQLite: in memory, threads would each see their own)."""
    from django.db import connection  # noqa: PLC0415 - app ready: settings are read on first use

    with django_db_blocker.unblock():
        is_sqlite = connection.vendor == "sqlite"
        folder = tmp_path_factory.mktemp("database")
        connection.settings_dict["NAME"] = str(folder / "tests.sqlite3") if is_sqlite else f"test_{worker_id}"
        databases.renew(connection)


@pytest.fixture(autouse=True, scope="session")
def _renewed_after_transactions() -> Iterator[None]:
    """Put a fresh copy in place after a test that commits: faster than emptying, and the release's data stay."""
    from django.db import connection  # noqa: PLC0415 - app ready
    from django.test import TransactionTestCase  # noqa: PLC0415 - app ready

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.renew(connection))
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_middleware() -> Iterator[None]:
    """Let the clients of this process share their middleware."""
    from tests import middleware  # noqa: PLC0415 - app ready

    with middleware.shared():
        yield


@pytest.fixture(scope="session")
def _standing(django_db_setup: None, django_db_blocker: Any) -> "Iterator[Standing]":
    """What keeps the cast between tests; nothing stands yet."""
    from tests.standing import Standing  # noqa: PLC0415 - app ready

    standing = Standing()
    yield standing
    with django_db_blocker.unblock():
        standing.fall()


@pytest.fixture
def _around_the_test(request: pytest.FixtureRequest, _standing: "Standing", django_db_blocker: Any) -> None:
    """Before the test's own transaction: the cast's rows for whom they are there, and none for the others."""
    with django_db_blocker.unblock():
        if "standing_cast" in request.fixturenames:
            _standing.stand()
        else:
            _standing.fall()


@pytest.fixture
def _django_db_helper(_around_the_test: None, _django_db_helper: None) -> None:
    """pytest-django's, from which every test has its transaction: after the above."""


@pytest.fixture
def standing_cast(db: None, _standing: "Standing") -> "Cast":
    """The cast, its rows made on 15 October 2024 and standing from test to test."""
    return _standing.cast()


# The shell without a window: a whole browser draws a user interface of its own for every page. As root there is no sandbox.
CHROMIUM = "/usr/bin/chromium-headless-shell"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Debian's browser, one a process: its driver cannot be started twice in one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def migrated() -> str:
    """The address of a database with all tables and nothing else, to be copied."""
    return databases.migrated()
