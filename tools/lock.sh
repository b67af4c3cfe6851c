#!/usr/bin/env bash
# Write requirements/*.lock anew from pyproject.toml. Usage: tools/lock.sh [--upgrade]
# Without --upgrade, versions that are locked already and still fit stay.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

compile() {
    local lock="requirements/$1.lock"
    shift
    "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-annotate --output-file "$lock" "$@" >/dev/null
    # docs/decisions/0002-lock-without-hosts.md
    if grep -nE '://|--(index|extra|find)' "$lock"; then
        fail "$lock names a host or an option, which no file of this repository may."
    fi
    say "$lock: $(grep -c '==' "$lock") packages"
}

mkdir -p requirements
compile tools requirements/tools.in "$@"
compile runtime pyproject.toml "$@"
compile dev pyproject.toml --group dev --constraints requirements/runtime.lock "$@"
compile bench pyproject.toml --group dev --group bench --constraints requirements/dev.lock "$@"
