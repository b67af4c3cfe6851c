#!/usr/bin/env bash
# Run the suite: on SQLite, what differs on PostgreSQL too, then the browser and the installation; all, even after a failure.
# Usage: tools/test.sh [everything]
#   everything   all of it on PostgreSQL too, as a release does
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
WORKERS="${WORKERS:-2}"
failed=()

suite() {
    local name="$1"
    shift
    say "" "── $name"
    # One at a time to the worker that is free, the longest first: some take a minute, most a tenth of a second.
    "$VENV/bin/pytest" -q -n "$WORKERS" --dist loadscope --no-loadscope-reorder "$@" || failed+=("$name")
}

# House rules read files, components are looked at in a browser, installing is one thing: once is enough.
once=(--ignore=tests/house --ignore=tests/deploy --ignore=tests/browser)
differs=(-m "postgres and not browser")
[ "${1:-}" != everything ] || differs=(-m "not browser")
# `make check` has asked the house rules already.
skipped=()
[ -z "${LINTED:-}" ] || skipped=(--ignore=tests/house)

XIANXUE_TEST_DB=sqlite suite "SQLite" -m "not browser" --ignore=tests/deploy "${skipped[@]}"
XIANXUE_TEST_DB=postgres suite "PostgreSQL" "${differs[@]}" "${once[@]}"
# Apart: the driver of the browser leaves a loop in its process, in which Django asks no database.
XIANXUE_TEST_DB=sqlite suite "browser and installation" tests/deploy tests/browser tests/kernel/ui/test_in_browser.py

[ ${#failed[@]} = 0 ] || fail "tests failed on: ${failed[*]}; see above."
