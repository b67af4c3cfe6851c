#!/usr/bin/env bash
# Install Xianxue 县学 on a Linux server, from the folder that `make bundle` makes; no network is used.
#
#   sudo ./install.sh --host xianxue.example.gov.cn
#
# Run again to upgrade: settings, keys and data stay. Nothing is started before you say so.
#   --host NAME            name under which people open it (first installation)
#   --port N               port of the server on this machine (8000)
#   --certificate FILE     TLS certificate with its chain; --certificate-key FILE its key
#   --root DIR             install below DIR instead of / (DESTDIR is taken as well); no accounts, no systemctl
#   --python FILE          interpreter, 3.11 to 3.14
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="${DESTDIR:-}" HOST="" PORT=8000 CERTIFICATE="" CERTIFICATE_KEY="" PYTHON="${PYTHON:-}"
HTTP=80 HTTPS=443

say() { printf '%s\n' "$@" >&2; }
fail() {
    printf '没有装好：%s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

while [ $# -gt 0 ]; do
    case "$1" in
    --host) HOST="$2" ;;
    --port) PORT="$2" ;;
    --certificate) CERTIFICATE="$2" ;;
    --certificate-key) CERTIFICATE_KEY="$2" ;;
    --root) ROOT="$2" ;;
    --python) PYTHON="$2" ;;
    --http) HTTP="$2" ;;
    --https) HTTPS="$2" ;;
    *) fail "没有名为 $1 的选项。" "$(sed -n '2,14s/^# \{0,1\}//p' "$0")" ;;
    esac
    shift 2 || fail "选项缺少值。"
done
ROOT="${ROOT%/}"

# Where things are, as the running programs see them; with --root they see them below it, for a test.
PREFIX="$ROOT/opt/xianxue" CONFIG="$ROOT/etc/xianxue" STATE="$ROOT/var/lib/xianxue" CACHE="$ROOT/var/cache/xianxue" LOG="$ROOT/var/log/nginx"
UNITS="$ROOT/etc/systemd/system" SITES="$ROOT/etc/nginx/conf.d" BIN="$ROOT/usr/local/sbin"
CERTIFICATE="${CERTIFICATE:-$CONFIG/tls/certificate.pem}" CERTIFICATE_KEY="${CERTIFICATE_KEY:-$CONFIG/tls/key.pem}"

is_real() { [ -z "$ROOT" ]; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
        "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    fail "没有找到 Python 3.11 到 3.14（连同 venv）。" "Debian、Ubuntu：apt-get install python3 python3-venv；或用 --python 指明。"
}

check_bundle() {
    [ -f "$HERE/SHA256SUMS" ] || fail "$HERE 不是安装包：缺少 SHA256SUMS。" "请在有网络的机器上用 make bundle 制作。"
    (cd "$HERE" && sha256sum --check --quiet --strict SHA256SUMS) || fail "安装包不完整或被改动过，见上。" "请重新拷贝。"
}

make_account() {
    is_real || return 0
    [ "$(id -u)" = 0 ] || fail "安装须以 root 运行。" "sudo $0 …"
    id xianxue >/dev/null 2>&1 || useradd --system --home-dir "$STATE" --shell /usr/sbin/nologin xianxue
}

# Each installation is a folder of its own; the link `current` says which is in use, and the one before stays for the way back.
install_program() {
    local python="$1" release
    release="$PREFIX/releases/$(date -u +%Y%m%dT%H%M%SZ)"
    mkdir -p "$PREFIX/releases"
    "$python" -m venv --clear "$release"
    "$release/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$HERE/wheels" \
        --require-hashes --requirement "$HERE/requirements.lock" ||
        fail "依赖没有装上，原因见上。现有的程序没有动。" "安装包须用与这台机器相同的 Python 版本和处理器制作。"
    "$release/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps "$HERE"/wheels/xianxue-*.whl
    cp -r "$HERE/doc" "$release/doc"
    ln -sfn "$release" "$PREFIX/current.new"
    mv -T "$PREFIX/current.new" "$PREFIX/current"
    # The three newest stay.
    find "$PREFIX/releases" -mindepth 1 -maxdepth 1 | sort | head -n -3 | xargs -r rm -rf
    mkdir -p "$PREFIX/nginx"
    cp "$HERE/deploy/nginx/unavailable.html" "$PREFIX/nginx/"
}

# Print a file of deploy/ with the places of this installation.
filled() {
    local hardened upload
    hardened="$HERE/deploy/systemd/hardened.conf"
    upload="$(sed -n 's/^XIANXUE_UPLOAD_LIMIT_MB=//p' "$CONFIG/xianxue.env" 2>/dev/null || true)"
    sed -e "/@HARDENED@/{r $hardened" -e 'd}' "$1" |
        sed -e "s|@PREFIX@|$PREFIX|g; s|@CONFIG@|$CONFIG|g; s|@STATE@|$STATE|g; s|@CACHE@|$CACHE|g; s|@LOG@|$LOG|g" \
            -e "s|@HOST@|$HOST|g; s|@PORT@|$PORT|g; s|@HTTP@|$HTTP|g; s|@HTTPS@|$HTTPS|g" \
            -e "s|@CERTIFICATE@|$CERTIFICATE|g; s|@CERTIFICATE_KEY@|$CERTIFICATE_KEY|g; s|@UPLOAD@|$((${upload:-100} + 5))|g"
}

install_settings() {
    mkdir -p "$CONFIG/keys" "$CONFIG/tls" "$STATE" "$CACHE"
    chmod 750 "$STATE"
    chmod 700 "$CONFIG/keys"
    if [ ! -f "$CONFIG/xianxue.env" ]; then
        [ -n "$HOST" ] || fail "第一次安装须用 --host 给出对外的域名。"
        filled "$HERE/deploy/xianxue.env" >"$CONFIG/xianxue.env"
        chmod 640 "$CONFIG/xianxue.env"
    fi
    HOST="${HOST:-$(sed -n 's/^XIANXUE_ALLOWED_HOSTS=//p' "$CONFIG/xianxue.env" | cut -d, -f1)}"
    PORT="$(sed -n 's/^XIANXUE_PORT=//p' "$CONFIG/xianxue.env")"
    # Made once, for ever: with other keys the records cannot be read.
    if [ ! -f "$CONFIG/keys/XIANXUE_SEAL_KEYS" ]; then
        (
            umask 077
            XIANXUE_VAR_DIR="$STATE" "$PREFIX/current/bin/xianxue" keys | while IFS='=' read -r name value; do
                case "$name" in XIANXUE_*) printf '%s' "$value" >"$CONFIG/keys/$name" ;; esac
            done
        )
        say "新密钥在 $CONFIG/keys。请立即另存一份到系统之外：丢了它，加密的内容再也读不出来。"
    fi
    is_real && chown -R xianxue:xianxue "$STATE" "$CACHE" && chown root:xianxue "$CONFIG/xianxue.env"
    return 0
}

install_services() {
    local unit
    mkdir -p "$UNITS" "$SITES" "$LOG" "$BIN"
    for unit in "$HERE"/deploy/systemd/*.service "$HERE"/deploy/systemd/*.timer; do
        filled "$unit" >"$UNITS/$(basename "$unit")"
    done
    filled "$HERE/deploy/nginx/xianxue.conf" >"$SITES/xianxue.conf"
    filled "$HERE/deploy/xianxue" >"$BIN/xianxue"
    chmod 755 "$BIN/xianxue"
}

main() {
    local python
    check_bundle
    python="$(find_python)"
    make_account
    install_program "$python"
    install_settings
    install_services
    is_real && systemctl daemon-reload
    say "装好了：程序 $PREFIX，设置 $CONFIG，数据 $STATE。接下来（见 $PREFIX/current/doc/guide/install.md）：" \
        "  1. 把证书放到 $CERTIFICATE 和 $CERTIFICATE_KEY；用 PostgreSQL 的，在 $CONFIG/xianxue.env 写连接串。" \
        "  2. 第一次：$BIN/xianxue migrate，再 $BIN/xianxue found …；升级：$BIN/xianxue upgrade。" \
        "  3. systemctl enable --now xianxue xianxue-worker xianxue-backup.timer xianxue-backup-check.timer" \
        "  4. nginx -t && systemctl reload nginx；最后 $BIN/xianxue doctor。"
}

main
