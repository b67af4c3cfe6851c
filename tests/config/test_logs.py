"""An error is logged by its kind and place: its words may quote the row that a database refused."""

import json
import logging
import sys

import pytest

from xianxue.config.logs import JsonLines, PlainLines

# Not beside the fault: a place is told with its line of the program.
NAMES = ("张小明", "李小红")


@pytest.mark.parametrize("lines", [PlainLines("%(message)s"), JsonLines("%(message)s")], ids=["plain", "json"])
def test_an_error_is_logged_without_its_words(lines: logging.Formatter) -> None:
    name, other = NAMES
    try:
        try:
            int(name)
        except ValueError as error:
            raise KeyError(other) from error
    except KeyError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "import 7 failed", (), sys.exc_info())
    line = lines.format(record)
    assert "ValueError" in line
    assert "KeyError" in line
    assert "test_logs.py" in line
    assert "invalid literal" not in line
    assert [text for text in (*NAMES, *(json.dumps(name)[1:-1] for name in NAMES)) if text in line] == []
