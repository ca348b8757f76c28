#!/usr/bin/env bash
# Makes sure of the Debian packages that only the tests need: a browser, a database server, fonts.
# Installs them where it may; elsewhere it names them, and fails where CI=true forbids skipping.
set -euo pipefail

missing=()
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
  missing+=(chromium-headless-shell)
[ -x /usr/lib/postgresql/15/bin/initdb ] || missing+=(postgresql-15)
[ -d /usr/share/fonts/truetype/noto ] || missing+=(fonts-noto-core)

if [ ${#missing[@]} = 0 ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  exit 0
fi
echo "Missing for the whole suite: ${missing[*]} (Debian: apt-get install ${missing[*]})" >&2
[ "${CI:-}" != true ]
