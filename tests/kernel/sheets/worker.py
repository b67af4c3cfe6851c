"""A worker in a process of its own, to be killed: `python -m tests.kernel.sheets.worker STEP [PAUSE]`.

It prints a line at each place where it may be killed, and waits there for ever when that place is named.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

ROWS, CHUNK = 230, 40


def main() -> None:
    """Run one step on the database and in the folder that the environment names."""
    import django  # noqa: PLC0415 - app ready
    from django.conf import settings  # noqa: PLC0415 - app ready

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    django.setup()
    from tests.kernel.sheets import shelf  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.writing import apply  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.writing import undo as undoing  # noqa: PLC0415 - app ready

    for module in (apply, undoing):
        module.__dict__["CHUNK"] = CHUNK
    with shelf.sheet_registered():
        STEPS[sys.argv[1]](*sys.argv[2:])


def _pause_at(place: str) -> Callable[[str], None]:
    passed: dict[str, int] = {}

    def pass_by(here: str) -> None:
        passed[here] = passed.get(here, 0) + 1
        name = f"{here}{passed[here]}"
        print(name, flush=True)
        if name == place:
            time.sleep(600)

    return pass_by


def _watch(place: str) -> None:
    """Tell of every chunk: `inside` its transaction, when everything is written and nothing committed, and `after`."""
    from xianxue.kernel.sheets import jobs  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.checking import run  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.writing import apply, undo  # noqa: PLC0415 - app ready

    pass_by, advance, write, back = _pause_at(place), jobs.advance, apply.write_chunk, undo.undo_chunk
    examine = run.examine

    def watched_advance(*args: Any, **fields: Any) -> None:
        advance(*args, **fields)
        pass_by("inside")

    def watched(chunk: Callable[..., None]) -> Callable[..., None]:
        def write_and_tell(*args: Any, **named: Any) -> None:
            chunk(*args, **named)
            pass_by("after")

        return write_and_tell

    def watched_examine(*args: Any, **named: Any) -> Any:
        pass_by("checking")
        return examine(*args, **named)

    jobs.advance = watched_advance
    apply.write_chunk, undo.undo_chunk = watched(write), watched(back)
    run.examine = watched_examine


def prepare() -> None:
    """Make the table of the sheet that is sent."""
    from tests.kernel.sheets import shelf  # noqa: PLC0415 - app ready

    shelf.create_table()


def _actor() -> Any:
    from xianxue.kernel.access import system_actor  # noqa: PLC0415 - app ready

    return system_actor("task")


def send(place: str = "") -> None:
    """Receive and check a workbook."""
    from tests.kernel.sheets.shelf import pupil, workbook  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import imports  # noqa: PLC0415 - app ready

    _watch(place)
    imports.check(imports.receive(("学生.xlsx", workbook([pupil(number) for number in range(ROWS)])), by=_actor()))


def write(place: str = "") -> None:
    """Apply the only job."""
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import imports  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.models import ImportJob  # noqa: PLC0415 - app ready

    _watch(place)
    with whole_county("test"):
        imports.apply(ImportJob.objects.get(), by=_actor())


def undo(place: str = "") -> None:
    """Undo the only job."""
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import imports  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.models import ImportJob  # noqa: PLC0415 - app ready

    _watch(place)
    with whole_county("test"):
        imports.undo(ImportJob.objects.get(), by=_actor())


def recover(place: str = "") -> None:
    """What a worker does when it starts."""
    from xianxue.kernel.sheets.tasks import recover_jobs  # noqa: PLC0415 - app ready

    _watch(place)
    recover_jobs()


def verify() -> None:
    """Take up nothing more, and find the log sound."""
    from xianxue.kernel.history.selectors import verify as verify_log  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.tasks import recover_jobs  # noqa: PLC0415 - app ready

    assert recover_jobs() == 0
    assert verify_log().is_sound


STEPS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "send": send,
    "write": write,
    "undo": undo,
    "recover": recover,
    "verify": verify,
}

if __name__ == "__main__":
    main()
