#!/usr/bin/env bash
# Install what the tests need from the system and is not there: a browser, Chinese fonts, a PostgreSQL server,
# and what checks and runs the files of deploy/: nginx and systemd's analyser.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

has_chromium() { command -v chromium-headless-shell >/dev/null; }
has_fonts() { [ -n "$(find /usr/share/fonts ~/.fonts -iname '*cjk*' -print -quit 2>/dev/null)" ]; }
has_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
has_nginx() { PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; }
has_systemd() { command -v systemd-analyze >/dev/null; }

missing=()
has_chromium || missing+=(chromium-headless-shell)
has_fonts || missing+=(fonts-noto-cjk)
has_postgresql || missing+=(postgresql)
has_nginx || missing+=(nginx-light)
has_systemd || missing+=(systemd)
[ ${#missing[@]} = 0 ] && exit 0

may_apt || fail "the tests need what is not installed here: ${missing[*]}." \
    "Debian, Ubuntu: run as root: apt-get install ${missing[*]}" \
    "(PostgreSQL is started by the tests themselves, in a temporary folder on a free port.)"
apt_install "${missing[@]}" || fail "the system's packages could not be installed: ${missing[*]}."
