#!/usr/bin/env bash
# Everything that has to hold before a change lands: `make test`, and `.ci/run` on the build machine.
#   scripts/test.sh          all steps
#   scripts/test.sh rust     without the browser
#   scripts/test.sh browser  only the browser suite (further words go to Playwright: a file, --project=…)
# Stops at the first step that fails and names it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"
started=$SECONDS

css_is_fresh() {
  local built
  built=$(mktemp --suffix=.css)
  style/build.sh "$built" || return
  if ! cmp "$built" public/app.css; then
    rm -f "$built"
    echo "public/app.css is not what style/main.css and the pages give: run 'make css' and commit the result" >&2
    return 1
  fi
  rm -f "$built"
}

rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    scripts/with-postgres.sh cargo nextest run --locked --workspace --no-fail-fast
  else
    scripts/with-postgres.sh cargo test --locked --workspace --all-targets --no-fail-fast
  fi
}

browser_suite() {
  (cd end2end && npm run --silent check && npx --no-install playwright test "$@")
}

rust() {
  step "format" cargo fmt --all --check
  step "stylesheet is fresh" css_is_fresh
  step "lints" cargo clippy --locked --workspace --all-targets -- -D warnings
  if cargo deny --version >/dev/null 2>&1; then
    # Advisories are left to `cargo deny check advisories`: they need the network and change by the day, not by the commit.
    step "dependency policy" cargo deny --workspace check bans licenses sources
  else
    say "dependency policy: skipped, cargo-deny is not installed"
  fi
  step "Rust tests, SQLite and PostgreSQL" rust_tests
  step "Rust examples in the documentation" cargo test --locked --workspace --doc --quiet
}

browser() {
  step "build the binary" cargo build --locked --workspace --bins
  step "browser suite, scripts on and off" browser_suite "$@"
}

step "dependencies" scripts/deps.sh all
case "${1:-all}" in
  all) rust && browser ;;
  rust) rust ;;
  browser) shift && browser "$@" ;;
  *) die "usage: scripts/test.sh [rust|browser …]" ;;
esac
say "everything passed in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
