#!/usr/bin/env bash
# Ostiary for development: http://localhost:8080, database and mails below data/. Rebuilds the stylesheet when a page or
# style/main.css changes; the server itself is rebuilt by stopping (Ctrl-C) and starting again.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/deps.sh css
watch_css() {
  local stamp now
  stamp=
  while sleep 1; do
    now=$(find style app/src -type f -printf '%T@ %p\n' | sort | cksum)
    [ "$now" = "$stamp" ] || style/build.sh || true
    stamp=$now
  done
}
watch_css &
trap 'kill %1 2>/dev/null || true' EXIT
cargo run --bin ostiary -- serve "$@"
