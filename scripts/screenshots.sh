#!/usr/bin/env bash
# Takes a picture of every page, light and dark, 360 and 1280 px wide, into end2end/screenshots/ (not kept in git).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
scripts/deps.sh all
cargo build --locked --workspace --bins
cd end2end
npx --no-install playwright test --config screenshots.config.ts "$@"
say "pictures are in end2end/screenshots/"
