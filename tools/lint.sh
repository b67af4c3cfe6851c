#!/usr/bin/env bash
# Run every check that is not a test, all of them, and say at the end which failed.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
PATH="$VENV/bin:$PATH"
failed=()

step() {
    local name="$1" log started=$SECONDS
    shift
    log="$(mktemp)"
    if "$@" >"$log" 2>&1; then
        say "  passed  $name ($((SECONDS - started)) s)"
    else
        cat "$log" >&2
        say "  FAILED  $name ($((SECONDS - started)) s): $*"
        failed+=("$name")
    fi
    rm -f "$log"
}

# Types take as long as all the others together: side by side.
types="$(mktemp)"
(step "types" tools/with_settings.sh mypy && [ ${#failed[@]} = 0 ]) 2>"$types" &
step "ruff check" ruff check .
step "ruff format" ruff format --check --output-format concise .
step "import contracts" lint-imports --no-cache
step "templates" djlint --quiet --lint xianxue
step "migrations" tools/with_settings.sh python -m django makemigrations --check --dry-run
step "house rules" pytest -q -n0 tests/house
wait $! || failed+=("types")
cat "$types" >&2
rm -f "$types"

[ ${#failed[@]} = 0 ] || fail "${#failed[@]} of the checks failed: $(printf '%s; ' "${failed[@]}")see above."
