#!/usr/bin/env bash
# Everything that is read rather than run: style, import order, names and sizes, links.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/lint-imports
.venv/bin/python -m tools.check_names
.venv/bin/python -m tools.check_docs
