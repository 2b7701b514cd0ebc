# Shared by the scripts beside this file: source it, do not run it.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ROOT

# say TEXT…: a line that stands out in a long log.
say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# die TEXT…: say why on standard error and stop.
die() {
  printf '\n\033[1;31m** %s\033[0m\n' "$*" >&2
  exit 1
}

# step NAME COMMAND…: run one named step; when it fails, say which one it was and stop.
step() {
  local name=$1 started=$SECONDS
  shift
  say "$name"
  "$@" || die "failed: $name (exit $?)"
  printf '   %s: %d s\n' "$name" $((SECONDS - started))
}

# free_port: a TCP port on the loopback interface that nobody uses at this moment.
free_port() {
  node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'
}

# postgres_bin: the directory of PostgreSQL's server programs, or nothing.
postgres_bin() {
  local dir
  for dir in "$(pg_config --bindir 2>/dev/null)" $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
      printf '%s\n' "$dir"
      return 0
    fi
  done
  dir=$(command -v initdb) && dirname "$(readlink -f "$dir")"
}

# chromium_bin: the browser of the end-to-end tests, or nothing.
chromium_bin() {
  local path
  for path in "${OSTIARY_CHROMIUM:-}" /usr/bin/chromium; do
    if [ -n "$path" ] && [ -x "$path" ]; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}
