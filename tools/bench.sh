#!/usr/bin/env bash
# Run every measurement of bench/, one after the other; each prints its machine, versions and medians.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
for script in $(grep -l '__name__ == "__main__"' bench/*.py); do
    name="$(basename "$script" .py)"
    say "" "── $name"
    "$VENV/bin/python" -m "bench.$name"
done
