#!/bin/sh
# Builds public/app.css from style/main.css and the classes used in app/src. The result is checked in, so that Rust alone builds Ostiary;
# run this after changing a class or the stylesheet. An argument names another file to write to (the freshness check does that).
set -eu
cd "$(dirname "$0")/.."
out="${1:-public/app.css}"
scripts/deps.sh css
npx --no-install @tailwindcss/cli -i style/main.css -o "$out" --minify 2>/dev/null
