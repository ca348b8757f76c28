# Two commands are enough: `make run` and `make test`. Both set up whatever is missing.
.DEFAULT_GOAL := help
.PHONY: setup run test worker lint types bench drill docs dist help

setup: ## Create the virtual environment, install locked packages, build catalogs and assets
	@tools/setup.sh

run: setup ## Serve on 127.0.0.1:8000 with a worker; data is kept in var/
	@.venv/bin/portico serve

test: ## Check everything and run the whole suite on SQLite and PostgreSQL
	@tools/test.sh

worker: setup ## Run one more worker, beside a server that is already running
	@.venv/bin/portico worker

lint: setup ## Check style, import order, names and sizes
	@tools/lint.sh

types: setup ## Check the types of Python and TypeScript
	@tools/types.sh

bench: setup ## Measure speed at 1,000, 100,000 and 1,000,000 people on both databases
	@tools/measure.sh bench

drill: setup ## Run the long reliability drills on both databases
	@tools/measure.sh drill

docs: setup ## Check that every link in the documentation leads somewhere
	@.venv/bin/python -m tools.check_docs

dist: setup ## Build the wheel into dist/
	@.venv/bin/python -m build --wheel --no-isolation --outdir dist .

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
