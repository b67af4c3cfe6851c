#!/usr/bin/env bash
# Make .tools (uv) and .venv (what Xianxue needs) from the locks. Usage: tools/bootstrap.sh tools|runtime|dev|bench
# A set that includes the wanted one and is up to date is left alone, so a second call costs milliseconds.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

WANTED="${1:-runtime}"
STAMP="$VENV/.synced"
SETS=(runtime dev bench) # each includes the one before; “tools” stops before any of them

# The locks, and what pyproject.toml says of the package itself; not the settings of tools.
fingerprint() {
    { cat "requirements/$1.lock" requirements/tools.lock && sed '/^\[tool\./,$d' pyproject.toml; } | cksum
}

rank() {
    local i
    for i in "${!SETS[@]}"; do [ "${SETS[$i]}" = "$1" ] && echo "$i" && return; done
    fail "there is no set of packages called “$1”; there are: ${SETS[*]}"
}

make_venv() {
    local python="$1"
    "$python" -m venv --clear "$TOOLS" >/dev/null 2>&1 && return
    # Debian ships venv without pip unless a package of its own is there.
    if may_apt; then
        apt_install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" ||
            apt_install python3-venv || true
        "$python" -m venv --clear "$TOOLS" >/dev/null 2>&1 && return
    fi
    fail "$python cannot make a virtual environment (its module “ensurepip” is missing)." \
        "Debian, Ubuntu: install the package python3-venv as root; then run the same command again." \
        "Or name another interpreter: make demo PYTHON=/path/to/python3"
}

pinned_uv() { sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements/tools.lock; }

ensure_uv() {
    [ "$("$UV" --version 2>/dev/null | cut -d' ' -f2)" = "$(pinned_uv)" ] && return
    local python
    python="$(find_python)"
    say "Setting up tools with $python …"
    make_venv "$python"
    "$TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r requirements/tools.lock ||
        fail "uv could not be installed from the package registry; the reason stands above." \
            "Is the network there? A mirror is set in pip's own configuration (pip config set global.index-url …)."
}

ensure_venv() {
    "$VENV/bin/python" -c '' 2>/dev/null && return
    "$UV" venv --quiet --clear --python "$(find_python)" "$VENV"
}

sync() {
    local set="$1"
    say "Installing the locked packages ($set) …"
    "$UV" pip sync --quiet --python "$VENV/bin/python" --require-hashes "requirements/$set.lock" &&
        "$UV" pip install --quiet --python "$VENV/bin/python" --no-deps \
            --build-constraints requirements/tools.lock --editable . ||
        fail "the packages could not be installed; the reason stands above." \
            "Is the network there? A mirror is set by UV_DEFAULT_INDEX or in uv's own configuration."
    printf '%s %s\n' "$set" "$(fingerprint "$set")" >"$STAMP"
}

main() {
    local wanted present=runtime known=""
    ensure_uv
    [ "$WANTED" = tools ] && return
    wanted="$(rank "$WANTED")"
    ensure_venv
    [ -f "$STAMP" ] && read -r present known <"$STAMP"
    # What was installed for the tests stays when the demonstration is started.
    [ "$(rank "$present")" -lt "$wanted" ] && present="$WANTED"
    [ "$known" = "$(fingerprint "$present")" ] || sync "$present"
}

main
