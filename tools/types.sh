#!/usr/bin/env bash
# The types of Python (mypy --strict) and of TypeScript.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

.venv/bin/mypy
npm run --silent types
