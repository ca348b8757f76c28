#!/usr/bin/env bash
# Usage: tools/measure.sh bench|drill
# Runs the tests of that mark, one after the other, on SQLite and then on PostgreSQL; those that
# drive a browser on SQLite only: what a page looks like no database decides.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/system_packages.sh
.venv/bin/pytest -m "$1" -s tests
# What was seeded for measuring is kept between runs.
if [ "$1" = bench ]; then
  export PORTICO_POSTGRES_FOLDER="${TMPDIR:-/tmp}/portico-bench/cluster"
fi
if [ "$1" = drill ]; then
  export PORTICO_POSTGRES_DURABLE=1
fi
tools/with_postgres.sh .venv/bin/pytest -m "$1 and not browser" -s tests
