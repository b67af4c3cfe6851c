"""What the tests stand on: the database that was asked for, no network, warnings as errors."""

import os
import socket
import threading
import warnings
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.postgres


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    wanted = {"sqlite": "sqlite", "postgres": "postgresql"}[os.environ["XIANXUE_TEST_DB"]]
    assert connection.vendor == wanted


@pytest.mark.django_db(transaction=True)
def test_another_thread_sees_the_same_database() -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append("people_person" in connection.introspection.table_names())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]


@pytest.mark.skipif(os.environ["XIANXUE_TEST_DB"] != "postgres", reason="PostgreSQL only")
@pytest.mark.django_db
def test_postgresql_knows_hanzi() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_encoding'), datcollate FROM pg_database WHERE datname = current_database()"
        )
        assert cursor.fetchone() == ("UTF8", "C.UTF-8")


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("xianxue.example", 443)])
def test_tests_have_no_network(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match=r"^Tests have no network: "):
        socket.create_connection(address, timeout=1)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=1):
        pass


def test_a_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_nothing_is_written_beside_the_code() -> None:
    root = Path(__file__).resolve().parents[1]
    assert not settings.VAR_DIR.is_relative_to(root)
