#!/usr/bin/env bash
# Everything that must hold before a change is taken in; stops at the first thing that does not.
# Whatever happens, the last lines are pytest's own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

logs=$(mktemp -d)

close() {
  local database
  for database in SQLite PostgreSQL; do
    if [ -s "$logs/$database.log" ]; then
      printf '\npytest on %s\n' "$database"
      tail -n 1 "$logs/$database.log"
    fi
  done
  rm -rf -- "$logs"
}
trap close EXIT

step() { # TITLE COMMAND...
  printf '\n=== %s (after %d s)\n' "$1" "$SECONDS"
  "${@:2}"
}

run_pytest() { # DATABASE MARKS [WRAPPER]
  "${@:3}" .venv/bin/pytest -n 2 --dist worksteal -m "$2" 2>&1 | tee "$logs/$1.log"
}

has_browser() {
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null
}

on_sqlite() {
  local marks="not bench and not drill"
  has_browser || marks="$marks and not browser"
  run_pytest SQLite "$marks" env -u PORTICO_DATABASE_URL
}

on_postgresql() {
  local marks="not bench and not drill and not once and (not browser or postgres_browser)"
  has_browser || marks="not bench and not drill and not once and not browser"
  if [ ! -x /usr/lib/postgresql/15/bin/initdb ]; then
    echo "Left out: there is no PostgreSQL 15 on this machine"
    return
  fi
  run_pytest PostgreSQL "$marks" tools/with_postgres.sh
}

step "set-up" tools/setup.sh
step "packages of the system" tools/system_packages.sh
step "style, import order, names and sizes" tools/lint.sh
step "types" tools/types.sh
step "wheel" .venv/bin/python -m tools.check_wheel
step "tests on SQLite" on_sqlite
step "tests on PostgreSQL" on_postgresql
