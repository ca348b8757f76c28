#!/usr/bin/env bash
# Sets up a checkout: virtual environment, Python packages, message catalogs, npm packages, assets.
# A part runs again only when its inputs changed; a stamp file beside what it made holds their digest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

digest() {
  { find "$@" -type f -print0 2>/dev/null || true; } |
    sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1
}

is_stamped() { # STAMP DIGEST
  [ -f "$1" ] && [ "$(<"$1")" = "$2" ]
}

find_python() {
  local candidate
  for candidate in python3.11 python3 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  fail "Python 3.11 or later is needed (Debian: apt-get install python3 python3-venv)"
}

create_environment() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      fail "Python's venv module is missing (Debian: apt-get install python3-venv)"
    fi
    tools/apt_install.sh python3-venv
  fi
  echo "setup: creating .venv"
  "$python" -m venv --clear .venv
}

set_up_python() {
  # The folder is part of the digest: an environment does not survive being moved.
  local stamp=.venv/.stamp wanted
  wanted=$(printf '%s %s' "$PWD" "$(digest requirements-dev.txt pyproject.toml)" | sha256sum)
  if is_stamped "$stamp" "$wanted" && .venv/bin/python -c '' 2>/dev/null; then
    return
  fi
  # An environment whose creation was interrupted, or that lost its interpreter, has no working pip.
  .venv/bin/python -m pip --version >/dev/null 2>&1 || create_environment
  echo "setup: installing Python packages"
  # Twice quiet: pip's warnings name the places that it looks for packages in.
  local pip=(.venv/bin/python -m pip --disable-pip-version-check -qq)
  "${pip[@]}" install --require-hashes --requirement requirements-dev.txt
  "${pip[@]}" install --no-deps --no-build-isolation --editable .
  printf '%s\n' "$wanted" >"$stamp"
}

compile_catalogs() {
  local catalog
  for catalog in portico/locale/*/LC_MESSAGES/django.po; do
    if [ -f "$catalog" ] && [ ! "${catalog%.po}.mo" -nt "$catalog" ]; then
      echo "setup: compiling message catalogs"
      .venv/bin/pybabel --quiet compile -d portico/locale -D django --use-fuzzy
      return
    fi
  done
}

needs_node_packages() {
  ! is_stamped node_modules/.stamp "$(digest package.json package-lock.json .npmrc)"
}

require_node() { # before anything is installed: what is missing is best said at once
  if needs_node_packages && ! { command -v npm >/dev/null &&
    node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; }; then
    fail "Node 20 or later with npm is needed to build the assets"
  fi
}

install_node_packages() {
  needs_node_packages || return 0
  echo "setup: installing npm packages"
  # No install script is needed by any of them, and none may fetch a browser.
  npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
  digest package.json package-lock.json .npmrc >node_modules/.stamp
}

build_assets() {
  local stamp=node_modules/.stamp-assets wanted
  wanted=$(digest package.json package-lock.json tsconfig.json portico/ui/frontend)
  if is_stamped "$stamp" "$wanted" && [ -d portico/ui/static/ui ]; then
    return
  fi
  echo "setup: building assets"
  npm run --silent build
  printf '%s\n' "$wanted" >"$stamp"
}

collect_static_files() {
  local stamp=node_modules/.stamp-static wanted
  wanted=$(digest portico/*/static .venv/.stamp)
  if is_stamped "$stamp" "$wanted" && [ -f portico/static_root/staticfiles.json ]; then
    return
  fi
  echo "setup: collecting static files"
  # Our own bundle carries htmx; the copies inside django-htmx would double the wheel.
  DJANGO_SETTINGS_MODULE=portico.config.settings .venv/bin/django-admin collectstatic \
    --noinput --clear --ignore django_htmx --verbosity 0
  printf '%s\n' "$wanted" >"$stamp"
}

require_node
set_up_python
compile_catalogs
install_node_packages
build_assets
collect_static_files
