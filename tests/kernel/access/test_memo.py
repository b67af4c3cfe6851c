"""What a request remembers, and when it forgets."""

from xianxue.kernel.access import forgetting, remembered, remembering


class Asked:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_a_request_asks_once() -> None:
    """The second asking gets the first answer; another key asks for itself."""
    ask = Asked()
    with remembering():
        assert [remembered("day", ask), remembered("day", ask), remembered("other", ask)] == [1, 1, 2]


def test_nothing_is_remembered_from_one_request_to_the_next() -> None:
    """Not between two requests, and not outside one: a task lives long."""
    ask = Asked()
    with remembering():
        assert remembered("day", ask) == 1
    with remembering():
        assert remembered("day", ask) == 2
    assert [remembered("day", ask), remembered("day", ask)] == [3, 4]


def test_a_command_reads_what_it_has_written_and_so_does_who_called_it() -> None:
    """Within, every asking asks; afterwards what was known before is asked again."""
    ask = Asked()
    with remembering():
        assert remembered("day", ask) == 1
        with forgetting():
            assert [remembered("day", ask), remembered("day", ask)] == [2, 3]
        assert [remembered("day", ask), remembered("day", ask)] == [4, 4]
