#!/usr/bin/env bash
# Measures the release build: see bench/README.md.
#   scripts/bench.sh [--quick] [--only NAME,…] [--database sqlite|postgres]
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/deps.sh bench
cargo build --release --locked --bin ostiary
cargo build --release --locked --package ostiary --example hash_rate --example signed
exec scripts/with-postgres.sh --durable python3 bench/bench.py "$@"
