#!/usr/bin/env bash
# Rebuilds the vendored front-end files from package-lock.json. Needs node; nothing else in the project does.
# --check builds into a temporary folder and compares (two builds are byte-identical).
set -euo pipefail
cd "$(dirname "$0")/.."

npm ci --ignore-scripts --silent
# esbuild's own program ships in a package of its platform; no install script is needed to run it.
exec node tools/vendor_front_end.mjs "$@"
