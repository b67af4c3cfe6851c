#!/usr/bin/env bash
# Run the suite: on SQLite with the browser and the installation, then what differs on PostgreSQL; all, even after a failure.
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
    "$VENV/bin/pytest" -q -n "$WORKERS" --dist loadgroup --no-loadscope-reorder "$@" || failed+=("$name")
}

# House rules read files, components are looked at in a browser, installing is one thing: once is enough.
once=(--ignore=tests/house --ignore=tests/deploy --ignore=tests/browser)
wanted="postgres and not browser"
[ "${1:-}" != everything ] || wanted="not browser"
# `make check` has asked the house rules already.
skipped=()
[ -z "${LINTED:-}" ] || skipped=(--ignore=tests/house)

XIANXUE_TEST_DB=sqlite suite "SQLite, browser, installation" "${skipped[@]}"
XIANXUE_TEST_DB=postgres suite "PostgreSQL" -m "$wanted" "${once[@]}"

[ ${#failed[@]} = 0 ] || fail "tests failed on: ${failed[*]}; see above."
