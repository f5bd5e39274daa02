#!/bin/sh
# Prints the folder of Prisma's own diff engine (../shared/oracle with its packages), installing its packages into
# .cache/oracle if that is needed. $PRISMA_ORACLE names one that is ready.
set -eu
cd "$(dirname "$0")/.."
ready() { [ -n "$1" ] && [ -f "$1/diff.mjs" ] && [ -d "$1/node_modules/@prisma/schema-engine-wasm" ]; }
command -v node >/dev/null || { echo "no node here, which Prisma's own engine needs" >&2; exit 1; }
for folder in "${PRISMA_ORACLE:-}" ../shared/oracle .cache/oracle; do
  if ready "$folder"; then
    (cd "$folder" && pwd)
    exit 0
  fi
done
[ -f ../shared/oracle/diff.mjs ] || { echo "../shared/oracle is not here" >&2; exit 1; }
mkdir -p .cache/oracle
cp ../shared/oracle/*.mjs ../shared/oracle/package*.json .cache/oracle/
chmod u+w .cache/oracle/*
(cd .cache/oracle && npm install --silent --omit=optional >&2)
ready .cache/oracle || { echo "npm did not bring Prisma's engine" >&2; exit 1; }
(cd .cache/oracle && pwd)
