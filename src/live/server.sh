# Runs a PostgreSQL that is gone when standard input closes, which it does when whoever started this ends, however that is.
# Arguments: folder of the binaries, parent of the data folder. Says "ready FOLDER" (where its socket is) or "failed WHY".
bin=$1
parent=$2
umask 077

# Databases are made by the hundred: memory is ten times quicker than a disk, where there is enough of it.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -gt 2000000 ] && [ -w /dev/shm ] && parent=/dev/shm

# What servers before us left behind when the whole machine went: their keeper is gone, the folder is not.
for old in "$parent"/prisma-stage-pg.*; do
  [ -O "$old" ] || continue
  if keeper=$(cat "$old/keeper" 2>/dev/null) && ! kill -0 "$keeper" 2>/dev/null; then
    server=$(head -n 1 "$old/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$server" 2>/dev/null
    rm -rf "$old"
  fi
done

dir=$(mktemp -d "$parent/prisma-stage-pg.XXXXXX") || { echo "failed cannot make a folder in $parent"; exit 1; }
echo $$ >"$dir/keeper"
trap 'rm -rf "$dir"' EXIT
trap : INT TERM HUP

if ! "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1; then
  echo "failed $(tr '\n' ' ' <"$dir/log")"
  exit 1
fi
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c port=5432 \
  -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 \
  -c max_connections=60 -c shared_buffers=128MB -c max_locks_per_transaction=1024 -c timezone=UTC -c jit=off \
  </dev/null >>"$dir/log" 2>&1 &
server=$!

tries=0
until [ -S "$dir/.s.PGSQL.5432" ] && grep -q 'ready to accept connections' "$dir/log"; do
  tries=$((tries + 1))
  if [ $tries -gt 600 ] || ! kill -0 $server 2>/dev/null; then
    echo "failed $(tail -n 5 "$dir/log" | tr '\n' ' ')"
    kill -QUIT $server 2>/dev/null
    exit 1
  fi
  sleep 0.05
done
chmod 711 "$dir"
echo "ready $dir"
read -r _
kill -QUIT $server 2>/dev/null
wait $server
