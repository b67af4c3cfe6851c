#!/usr/bin/env bash
# Run every measurement of bench/, one after the other; each prints its machine, versions and medians.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"
for script in bench/[a-z]*.py; do
    say "" "── $script"
    "$VENV/bin/python" "$script" "$@"
done
