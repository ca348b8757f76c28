#!/usr/bin/env bash
# Makes sure of the Debian packages that only checks and tests need: Git, which knows the files, a
# browser, a database server, fonts.
# Installs them where it may; elsewhere it names them, and fails where CI=true forbids skipping.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

has_postgresql() { # root runs it as the user whom the package makes last
  [ -x /usr/lib/postgresql/15/bin/initdb ] || return
  [ "$(id -u)" != 0 ] || id -u postgres >/dev/null 2>&1
}

has_libatomic() { # the browser's driver brings its own Node, which needs it
  compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib*/libatomic.so.1' >/dev/null
}

missing=()
command -v git >/dev/null || missing+=(git)
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
  missing+=(chromium-headless-shell)
has_libatomic || missing+=(libatomic1)
has_postgresql || missing+=(postgresql-15)
[ -d /usr/share/fonts/truetype/noto ] || missing+=(fonts-noto-core)

if [ ${#missing[@]} = 0 ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  exec tools/apt_install.sh "${missing[@]}"
fi
echo "Missing for the whole suite: ${missing[*]} (Debian: apt-get install ${missing[*]})" >&2
[ "${CI:-}" != true ]
