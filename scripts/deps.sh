#!/usr/bin/env bash
# Installs what building and testing need beyond Rust, Node.js and a C compiler.
#   scripts/deps.sh all     everything `make test` needs
#   scripts/deps.sh css     only the stylesheet's build
#   scripts/deps.sh bench   what `make bench` needs
# Debian packages are installed when this machine has apt and we are root (or sudo asks for no password); else the missing
# ones are named and the script stops. Nothing that is there already is touched.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

export DEBIAN_FRONTEND=noninteractive
POLICY=/usr/sbin/policy-rc.d

# Debian starts a service as soon as its package is installed; the tests start their own PostgreSQL instead.
forbid_service_starts() {
  [ -e "$POLICY" ] && return
  printf '#!/bin/sh\nexit 101\n' | "${SUDO[@]}" tee "$POLICY" >/dev/null
  "${SUDO[@]}" chmod 755 "$POLICY"
  # shellcheck disable=SC2064 # SUDO is wanted as it is now
  trap "${SUDO[*]} rm -f $POLICY" EXIT
}

install_debian() {
  local packages=("$@")
  SUDO=()
  command -v apt-get >/dev/null || die "install these with your package manager, then try again: ${packages[*]}"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || die "install these first: sudo apt-get install ${packages[*]}"
    SUDO=(sudo -n --preserve-env=DEBIAN_FRONTEND)
  fi
  say "installing Debian packages: ${packages[*]}"
  forbid_service_starts
  local install=("${SUDO[@]}" apt-get install -y -q --no-install-recommends "${packages[@]}")
  # The package lists of a fresh machine are empty, those of an old one name files that are gone: refresh and try again.
  "${install[@]}" || { "${SUDO[@]}" apt-get update -q && "${install[@]}"; }
}

debian() {
  local missing=()
  command -v pkg-config >/dev/null || missing+=(pkg-config)
  pkg-config --exists openssl 2>/dev/null || missing+=(libssl-dev)
  [ -n "$(postgres_bin)" ] || missing+=(postgresql)
  case " $* " in *" browser "*) chromium_bin >/dev/null || missing+=(chromium) ;; esac
  case " $* " in *" peers "*)
    # What is not ours and has to get on with us: a Python application, Apache with its OpenID Connect module, and nginx.
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    [ -x /usr/sbin/apache2 ] || missing+=(apache2)
    [ -x /usr/sbin/nginx ] || missing+=(nginx)
    [ -e /usr/lib/apache2/modules/mod_auth_openidc.so ] || missing+=(libapache2-mod-auth-openidc)
    ;;
  esac
  case " $* " in *" wrk "*) command -v wrk >/dev/null || missing+=(wrk) ;; esac
  [ ${#missing[@]} = 0 ] || install_debian "${missing[@]}"
}

# npm_ci DIRECTORY: the exact packages of the lock file, once per change of that file.
npm_ci() {
  [ -f "$1/package-lock.json" ] || return 0
  local stamp="$1/node_modules/.installed-from"
  cmp -s "$1/package-lock.json" "$stamp" && return
  say "npm ci in $1"
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund) || die "npm ci failed in $1"
  cp "$1/package-lock.json" "$stamp"
}

# python_venv DIRECTORY: the exact packages of its requirements.txt in a virtual environment, once per change of that file.
python_venv() {
  local stamp="$1/.venv/.installed-from"
  cmp -s "$1/requirements.txt" "$stamp" && return
  say "pip install in $1/.venv"
  python3 -m venv --clear "$1/.venv" || die "no virtual environment in $1: is python3-venv installed?"
  "$1/.venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r "$1/requirements.txt" ||
    die "pip install failed in $1"
  cp "$1/requirements.txt" "$stamp"
}

command -v cargo >/dev/null || die "Rust is needed: https://rustup.rs"
command -v node >/dev/null || die "Node.js 20 or newer is needed"

case "${1:-all}" in
  all)
    debian browser peers
    npm_ci .
    npm_ci end2end
    python_venv end2end/python
    ;;
  css) npm_ci . ;;
  bench) debian wrk ;;
  *) die "usage: scripts/deps.sh all|css|bench" ;;
esac
