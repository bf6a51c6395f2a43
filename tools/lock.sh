#!/bin/sh
# Write the locks with the uv named in $1. Run by `make lock`; versions move only here.
set -eu
uv=$1
shift
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade "$@"
}
compile requirements.in -o requirements.txt
compile requirements.in requirements-dev.in -o requirements-dev.txt
compile tools/frontend/node-requirements.in -o tools/frontend/node-requirements.txt
if command -v npm >/dev/null; then
    (cd tools/frontend && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error)
fi
