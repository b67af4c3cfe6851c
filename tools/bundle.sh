#!/usr/bin/env bash
# Make the folder that a USB stick can carry: everything that deploy/install.sh needs, for machines without a network.
# Usage: tools/bundle.sh [FOLDER]      PYTHON=python3.12 for another interpreter than this environment's
# The wheels fit the interpreter and the processor they are fetched with; Linux of the same kind is asked for there.
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

VERSION="$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)"
TARGET="${1:-dist/xianxue-offline-$VERSION}"
DRAFT="$TARGET.part"
INTERPRETER="${PYTHON:-$VENV/bin/python}"

rm -rf "$DRAFT"
mkdir -p "$DRAFT/wheels" "$DRAFT/doc"
say "Fetching the locked packages …"
# An environment made by uv has no pip; one of the interpreter's own does.
"$INTERPRETER" -m venv "$DRAFT/.pip"
"$DRAFT/.pip/bin/python" -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
    --only-binary :all: --dest "$DRAFT/wheels" --requirement requirements/runtime.lock ||
    fail "the packages could not be fetched; the reason stands above." \
        "Is the network there? A mirror is set in pip's own configuration."
rm -rf "$DRAFT/.pip"
say "Building our own …"
"$UV" build --quiet --wheel --build-constraints requirements/tools.lock --out-dir "$DRAFT/wheels" ||
    fail "our own package could not be built; the reason stands above."
rm -f "$DRAFT/wheels/.gitignore"
cp requirements/runtime.lock "$DRAFT/requirements.lock"
cp -r deploy "$DRAFT/deploy"
mv "$DRAFT/deploy/install.sh" "$DRAFT/install.sh"
cp -r docs/guide "$DRAFT/doc/guide"
cp CHANGELOG.md LICENSE README.md "$DRAFT/doc/"
(cd "$DRAFT" && find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
rm -rf "$TARGET"
mv "$DRAFT" "$TARGET"
say "$TARGET: $(du -sh "$TARGET" | cut -f1), $(find "$TARGET/wheels" -name '*.whl' | wc -l) wheels"
