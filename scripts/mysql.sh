#!/bin/sh
# Runs a command beside a private MySQL, which is gone when the command ends: scripts/mysql.sh COMMAND...
# The command finds it in MYSQL_URL. The programs are the machine's, where mysqld is MySQL's own; otherwise those of Debian's unstable
# suite, which apt brings into .cache/mysql from the mirror that the machine is set up with, and holds to the keys that it has. Nothing
# is installed: they run by the loader that comes with them.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
[ $# -gt 0 ] || { echo "usage: scripts/mysql.sh COMMAND..." >&2; exit 64; }
into=$here/.cache/mysql

# The line that starts the server, in $server.
find_server() {
  for program in "$(command -v mysqld || true)" /usr/sbin/mysqld /opt/homebrew/opt/mysql/bin/mysqld; do
    if [ -x "$program" ] && ! "$program" --version | grep -q MariaDB; then
      server="$program --no-defaults"
      return 0
    fi
  done
  for program in "$into"/*/usr/sbin/mysqld; do
    [ -x "$program" ] || continue
    base=${program%/sbin/mysqld}
    for loader in "$base"/lib/*/ld-linux*.so.*; do
      libraries=${loader%/*}:$base/lib/mysql/private
      server="$loader --library-path $libraries $program --no-defaults --basedir=$base --lc-messages-dir=$base/share/mysql --character-sets-dir=$base/share/mysql/charsets"
      return 0
    done
  done
  return 1
}

fetch() {
  sources=/etc/apt/sources.list.d/debian.sources
  mirror=$({ sed -n 's/^URIs: *\([^ ]*\).*/\1/p' "$sources" || true; sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list || true; } 2>/dev/null | head -n 1)
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -n "$mirror" ] && [ -f "$keys" ] && command -v apt-get >/dev/null || {
    echo "no MySQL here, and no Debian's apt to fetch one with: put mysqld on \$PATH, or name a server in MYSQL_URL" >&2
    exit 1
  }
  echo "fetching MySQL into .cache/mysql" >&2
  mkdir -p "$into"
  work=$(mktemp -d "$into/fetch.XXXXXX")
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/root"
  : >"$work/status"
  echo "deb [signed-by=$keys] $mirror unstable main" >"$work/sources"
  # On a machine of its own that has nothing yet, so that all that MySQL needs comes along.
  apt() {
    apt-get -qq -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" -o Dir::Etc::sourcelist="$work/sources" \
      -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User="$(id -un)" \
      -o APT::Install-Recommends=0 -o Acquire::Languages=none "$@" >&2
  }
  apt update && apt install --yes --download-only mysql-server-core || { rm -rf "$work"; exit 1; }
  for package in "$work"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$work/root"
  done
  mv "$work/root" "$into/$(basename "$work"/cache/archives/mysql-server-core_*.deb .deb)"
  rm -rf "$work"
}

find_server || { fetch && find_server; } || { echo "what was fetched holds no mysqld" >&2; exit 1; }
# In memory, where that can be: nobody keeps it.
parent=/dev/shm
[ -d "$parent" ] || parent=${TMPDIR:-/tmp}
folder=$(mktemp -d "$parent/prisma-stage-mysql.XXXXXX")
chmod 755 "$folder"
running=
end() {
  [ -z "$running" ] || { kill "$running" && wait "$running"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM
[ "$(id -u)" != 0 ] || { chown nobody "$folder" && server="$server --user=nobody"; }
$server --initialize-insecure --datadir="$folder/data" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
$server --datadir="$folder/data" --socket="$folder/socket" --pid-file="$folder/pid" --tmpdir="$folder" --skip-networking --mysqlx=OFF --secure-file-priv=NULL \
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync --innodb-redo-log-capacity=32M --innodb-buffer-pool-size=128M \
  --skip-log-bin --performance-schema=OFF >"$folder/log" 2>&1 &
running=$!
tries=0
until grep -q "ready for connections" "$folder/log"; do
  tries=$((tries + 1))
  kill -0 "$running" 2>/dev/null && [ "$tries" -lt 120 ] || { cat "$folder/log" >&2; exit 1; }
  sleep 0.5
done
MYSQL_URL="mysql://root@localhost/?socket=$folder/socket" "$@"
