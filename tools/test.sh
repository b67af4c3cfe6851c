#!/usr/bin/env bash
# Run the suite on SQLite, then on PostgreSQL, then the browser tests once; all of them, even after a failure.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
WORKERS="${WORKERS:-2}"
failed=()

suite() {
    local name="$1"
    shift
    say "" "── $name"
    "$VENV/bin/pytest" -q --durations=20 --durations-min=0.5 "$@" || failed+=("$name")
}

XIANXUE_TEST_DB=sqlite suite "SQLite" -n "$WORKERS" --ignore=tests/browser --ignore=tests/deploy
# House rules read files, and components are looked at in a browser, without a database: once is enough.
XIANXUE_TEST_DB=postgres suite "PostgreSQL" -n "$WORKERS" -m "not browser" --ignore=tests/house --ignore=tests/deploy
[ ! -d tests/browser ] || XIANXUE_TEST_DB=sqlite suite "browser" -n "$WORKERS" tests/browser

# Installs from the offline folder into a temporary root: one process, or each would make the folder.
XIANXUE_TEST_DB=sqlite suite "installation" -n0 tests/deploy

[ ${#failed[@]} = 0 ] || fail "tests failed on: ${failed[*]}; see above."
