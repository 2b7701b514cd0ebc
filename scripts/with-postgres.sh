#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, and removes that server afterwards, whatever happened.
#   scripts/with-postgres.sh [--durable] COMMAND…
# The command finds a superuser's URL in OSTIARY_TEST_POSTGRES_URL. The server listens on a free port of the loopback
# interface and keeps everything, its socket too, in one temporary directory. PostgreSQL refuses to run as root, so root
# starts it as the user `postgres` that the Debian package made. Without --durable nothing is flushed to disk: right for
# tests, wrong for measurements.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

settings=(-c max_connections=300 -c log_min_messages=fatal -c shared_buffers=128MB)
if [ "${1:-}" = --durable ]; then
  shift
else
  settings+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
fi
[ $# -gt 0 ] || die "usage: scripts/with-postgres.sh [--durable] COMMAND…"

bin=$(postgres_bin) || die "PostgreSQL is not installed; try: make deps"
# Under /tmp and not $TMPDIR: a socket's path has to stay below 108 characters, and `postgres` must be able to reach it.
dir=$(mktemp -d /tmp/ostiary-pg.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || die "root needs a user called postgres to start PostgreSQL as"
  as=(runuser -u postgres --)
  chown postgres "$dir"
fi

stop() {
  cd /
  "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start() {
  (cd "$dir" && "${as[@]}" "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --no-locale --no-sync >"$dir/initdb.log" 2>&1) ||
    { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  local _
  # Between asking for a free port and using it somebody else may take it: try again.
  for _ in 1 2 3; do
    port=$(free_port)
    if (cd "$dir" && "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start \
      -o "${settings[*]} -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir") >/dev/null; then
      return
    fi
  done
  cat "$dir/log" >&2
  die "PostgreSQL did not start"
}
start
export OSTIARY_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"

"$@"
