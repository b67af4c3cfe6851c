"""Processes that append to one log at once: `python -m tests.kernel.history.appender PROCESSES APPENDS`.

One process that loads everything, and forks: eight that load would take the better part of a minute. A line is printed
for each append that was acknowledged, with the number of its last event.
"""

import os
import sys


def main() -> None:
    """Append on the database that the environment names; the exit code says how many processes failed."""
    import django  # noqa: PLC0415 - app ready

    django.setup()
    from tests.kernel.history.book import BY, write  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.services import checkpoint_now  # noqa: PLC0415 - app ready

    processes, appends = map(int, sys.argv[1:])
    gate, opened = os.pipe()
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            os.close(opened)
            os.read(gate, 1)
            for number in range(appends):
                last = write(1 + number % 3, by=BY)[-1]
                if not number % 10:
                    checkpoint_now("测试", by=BY)
                os.write(1, f"{last}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(opened)
    sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))


if __name__ == "__main__":
    main()
