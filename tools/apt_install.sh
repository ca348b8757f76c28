#!/usr/bin/env bash
# Usage: tools/apt_install.sh PACKAGE...
# Installs packages of Debian without a question. What apt says is shown only where it fails: the
# reason stands there, not in its last line.
set -euo pipefail

log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

quietly() {
  "$@" >"$log" 2>&1 && return
  cat "$log" >&2
  return 1
}

echo "Installing $* from Debian"
export DEBIAN_FRONTEND=noninteractive
# One source of many that does not answer need not be the one that is asked.
quietly apt-get update -qq || true
# A machine that has just started may be upgrading itself.
quietly apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
