#!/usr/bin/env bash
# Usage: tools/measure.sh bench|drill
# Runs the tests of that mark, one after the other, on SQLite and then on PostgreSQL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/system_packages.sh
.venv/bin/pytest -m "$1" -s tests
# What was seeded for measuring is kept between runs.
if [ "$1" = bench ]; then
  export PORTICO_POSTGRES_FOLDER="${TMPDIR:-/tmp}/portico-bench/cluster"
fi
tools/with_postgres.sh .venv/bin/pytest -m "$1" -s tests
