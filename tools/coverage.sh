#!/usr/bin/env bash
# Measure branch coverage of the suite on SQLite, in one process.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
"$VENV/bin/coverage" run -m pytest -q -n0 --ignore=tests/browser --ignore=tests/house
"$VENV/bin/coverage" report
