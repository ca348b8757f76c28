#!/usr/bin/env bash
# Usage: tools/measure.sh bench|drill
# Runs the tests of that mark, one after the other, on SQLite and then on PostgreSQL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/system_packages.sh
.venv/bin/pytest -m "$1" -s tests
tools/with_postgres.sh .venv/bin/pytest -m "$1" -s tests
