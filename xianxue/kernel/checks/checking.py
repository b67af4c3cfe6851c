"""The checks on every change: what they said is kept when it differs, and findings follow.

An app's commands call `changed(suite, {kind: keys}, by=by)` at their end. The night's run is in `night`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_tasks import task

from xianxue.kernel import bulk
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.checks import acting
from xianxue.kernel.checks.choices import Verdict
from xianxue.kernel.checks.comparing import Looked
from xianxue.kernel.checks.declaration import About, Subjects, Suite, get
from xianxue.kernel.checks.following import Followed, follow
from xianxue.kernel.checks.running import digest_of, failures_of, kept
from xianxue.kernel.commands import nothing_changed
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.kernel.schedule import Lane

PURPOSE = "规则检查"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the checks said of one subject, ready to be written."""

    about: About
    digest: str
    outcomes: Mapping[str, Any]
    looked: Looked


def changed(suite: Suite, keys: Mapping[str, Iterable[int]], *, by: Actor) -> None:
    """Check these subjects again, by kind; called at the end of every command that changed them or what surrounds them.

    Many at once, as a file for the whole county brings them, are checked by the queue: nobody else writes while a command
    runs.
    """
    wanted = {kind: sorted(set(each)) for kind, each in keys.items()}
    if any(len(each) > suite.kind(kind).at_once for kind, each in wanted.items()):
        check_later.enqueue(suite.code, wanted)
        return
    for kind, each in wanted.items():
        if each:
            check(suite, kind, each, by=by)


@task(queue_name=Lane.LONG)
def check_later(suite: str, keys: dict[str, list[int]]) -> None:
    """Check these subjects, some at once, so that others write in between."""
    by, item = system_actor("task"), get(suite)
    with whole_county(PURPOSE):
        for kind, each in keys.items():
            step = max(1, item.kind(kind).at_once // 10)
            for start in range(0, len(each), step):
                check(item, kind, each[start : start + step], by=by)


def check(suite: Suite, kind: str, keys: Sequence[int], *, by: Actor) -> int:
    """Run the checks over these subjects; writes a run and follows its findings where the result differs from the last one.

    Returns of how many the result changed.
    """
    subjects = suite.kind(kind)
    count: int = command_of(suite, subjects)(suite, subjects, keys, by=by)
    return count


def command_of(suite: Suite, subjects: Subjects) -> acting.Body:
    """The command under which a suite checks subjects of a kind."""
    return acting.under(acting.check_code(suite, subjects), subjects.label, _check)


def _check(suite: Suite, subjects: Subjects, keys: Sequence[int], *, by: Actor) -> int:
    today, count = suite.today(), 0
    with whole_county(PURPOSE):
        rules, versions = suite.rules(today), subjects.among(keys)
        model, names = suite.run, suite.run.subject_fields
        rows = model.objects.filter(
            model.about(subjects.subject_type, keys), **model.of_suite(suite.code), is_last=True
        )
        last = {tuple(row): digest for *row, digest in rows.values_list("unit_id", *names, "digest")}
        # All facts before the first write: they are read in one moment.
        for facts in list(subjects.facts(list(versions), today)):
            about = subjects.about(facts)
            named = (about.unit, *model.naming(subjects.subject_type, about.key))
            judged = judge(suite, subjects, facts, (versions[about.key], rules, last.get(named)))
            if judged is None:
                continue
            followed = write(suite, about.unit, [judged])
            noted = {"digest": judged.digest, **followed.as_facts()}
            record(Subject(subjects.subject_type, about.key, about.name), unit_id=about.unit, facts=noted)
            count += 1
    if not count:
        nothing_changed()
    return count


def judge(suite: Suite, subjects: Subjects, facts: Any, by: tuple[Any, Any, str | None]) -> Judged | None:
    """What the checks say of one subject, `by` its version, the suite's rules and what was said last, by its digest.

    None where they say what they said last time: nearly always, and then nothing is to be kept.
    """
    version, rules, last = by
    said = subjects.judge(suite, facts, version, rules)
    if (digest := digest_of(said.outcomes, said.book)) == last:
        return None
    about = subjects.about(facts)
    done = (code for code, outcome in said.outcomes.items() if said.is_over or outcome.verdict != Verdict.SKIPPED)
    failures = failures_of(said.outcomes, lambda code: suite.checks.get(code).certainty, said.book, about.name)
    looked = Looked(subjects.subject_type, about.key, said.version, tuple(failures), frozenset(done))
    return Judged(about, digest, kept(said.outcomes), looked)


def write(suite: Suite, unit: int, judged: Collection[Judged]) -> Followed:
    """Keep what was said, in place of the last, and follow the findings; inside a command, over the whole county.

    The findings are the system's, whoever made the change that brought them to light.
    """
    model = suite.run
    shared = model.of_suite(suite.code)
    looked = [one.looked for one in judged]
    for subject_type in {one.subject_type for one in looked}:
        keys = [one.subject for one in looked if one.subject_type == subject_type]
        model.objects.filter(model.about(subject_type, keys), **shared, is_last=True).update(is_last=False)
    columns = (
        "unit_id", *shared, *model.subject_fields, model.version_field, "ran_at", "digest", "outcomes", "is_last",
    )  # fmt: skip
    now = clock.now()
    rows = (
        (unit, *shared.values(), *model.naming(one.looked.subject_type, one.looked.subject), one.looked.version, now,
         one.digest, one.outcomes, True)
        for one in judged
    )  # fmt: skip
    bulk.insert(model, columns, rows)
    return follow(suite, unit, looked, by=system_actor("task"))
