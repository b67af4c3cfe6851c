#!/usr/bin/env bash
# Run a tool that reads Django's settings: without secrets, and leaving nothing behind. Usage: tools/with_settings.sh mypy
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
export DJANGO_SETTINGS_MODULE=xianxue.config.settings XIANXUE_DEMO=true XIANXUE_VAR_DIR
XIANXUE_VAR_DIR="$(mktemp -d)"
trap 'rm -rf "$XIANXUE_VAR_DIR"' EXIT
"$@"
