# Sourced by the scripts beside it: where things are, and how they speak. Prints nothing by itself.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
TOOLS="$ROOT/.tools"
VENV="$ROOT/.venv"
UV="$TOOLS/bin/uv"

# The interpreter is the machine's own: a download would need another host than the package registry.
export UV_PYTHON_DOWNLOADS=never
# A network that inspects TLS has its certificate in the system's store; uv looks there only when told.
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
# Another project's environment may be active in this shell; ours is always named.
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT CONDA_PREFIX PYTHONHOME PYTHONPATH
# Containers often forbid compiled files; here every one of hundreds of processes would compile all modules anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$@" >&2; }
fail() {
    printf '\nStopped: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# Print the path of the first interpreter that Xianxue runs on; PYTHON=… overrides the search.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue
        "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
        return
    done
    fail "no Python from 3.11 to 3.14 was found on PATH." \
        "Install one (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make demo PYTHON=/path/to/python3"
}

# True where this script may install packages of the system: Debian or Ubuntu, as root.
may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    say "Installing from the system's packages: $*"
    apt-get update -qq >&2 || say "(the package list could not be refreshed; trying with the one at hand)"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}
