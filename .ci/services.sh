#!/usr/bin/env bash
# Runs a command with a throw-away PostgreSQL and Redis: .ci/services.sh npm run test:services
# Installs them when missing (Debian), starts both on free ports, exports DATABASE_URL and REDIS_URL.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: $0 <command> [arguments]" >&2
  exit 2
fi

postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -1)
  [ -n "$newest" ] || newest=$(command -v initdb || true)
  [ -z "$newest" ] || dirname "$newest"
}

if [ -z "$(postgres_bin)" ] || ! command -v redis-server >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update >&2
  apt-get install -y --no-install-recommends postgresql redis-server >&2
fi

# PostgreSQL refuses to run as root.
as_database_user() {
  if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

bin=$(postgres_bin)
data=$(mktemp -d)
redis_pid=
chmod 755 "$data"
mkdir "$data/postgres"
[ "$(id -u)" -ne 0 ] || chown postgres "$data/postgres"

stop() {
  status=$?
  trap - EXIT INT TERM
  [ -z "$redis_pid" ] || { kill -CONT "$redis_pid"; kill "$redis_pid"; wait "$redis_pid"; } 2>/dev/null || true
  as_database_user "$bin/pg_ctl" -D "$data/postgres" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$data"
  exit "$status"
}
trap stop EXIT INT TERM

postgres_port=$(free_port)
cd "$data"
as_database_user "$bin/initdb" -D "$data/postgres" -U llm_proxy -A trust -E UTF8 --locale=C >/dev/null
as_database_user "$bin/pg_ctl" -D "$data/postgres" -w -l "$data/postgres/server.log" \
  -o "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
"$bin/createdb" -h 127.0.0.1 -p "$postgres_port" -U llm_proxy llm_proxy

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$data" >"$data/redis.log" &
redis_pid=$!
until redis-cli -p "$redis_port" ping >/dev/null 2>&1; do
  kill -0 "$redis_pid" || { cat "$data/redis.log" >&2; exit 1; }
  sleep 0.1
done
cd - >/dev/null

export DATABASE_URL="postgres://llm_proxy@127.0.0.1:$postgres_port/llm_proxy"
export REDIS_URL="redis://127.0.0.1:$redis_port"
"$@"
