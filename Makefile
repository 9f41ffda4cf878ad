# Everything a person or a CI runs here. `make` alone lists it.

# The first of these that is Python 3.11 or newer and can make environments; or say which: make setup PYTHON=...
PYTHONS := python3.11 python3.12 python3
python_is_fit := 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for python in $(PYTHONS); do \
	$$python -c $(python_is_fit) >/dev/null 2>&1 && echo $$python && break; done)

BIN := .venv/bin
READY := .venv/.ready
DEMO := wiltshire-2017

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint types floors docs-check pytest docs places results congestion bench format pins clean

help: ## list these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: $(READY) ## make .venv with everything in it, once (again when pyproject.toml or constraints.txt change)

$(READY): pyproject.toml constraints.txt
	@$(BIN)/python -c $(python_is_fit) >/dev/null 2>&1 || { \
		"$(PYTHON)" -c $(python_is_fit) 2>/dev/null && "$(PYTHON)" -m venv --clear .venv; } || { \
		echo "capplan needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: python3-venv)." >&2; \
		echo "Tried: $(or $(PYTHON),$(PYTHONS)). Name another: make setup PYTHON=/path/to/python" >&2; \
		exit 1; }
	@echo "installing capplan and its tools in .venv: a minute or so"
	@$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	@touch $@

demo: setup ## plan the demonstration county: prints the plan, leaves its run folder in results/
	$(BIN)/capplan solve instances/$(DEMO) --out results/$(DEMO)

test: lint types floors docs-check pytest ## all checks below, then the tests

lint: setup ## style of the code (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## types of src (mypy --strict)
	$(BIN)/mypy

floors: setup ## who may import whom (import-linter)
	$(BIN)/lint-imports --no-logo --no-cache

docs-check: setup ## are the generated docs up to date?
	$(BIN)/python -m docs.generate --check

pytest: setup ## the tests, on all cores; some of them: make pytest ARGS="-k queue"
	$(BIN)/python -m pytest --no-header -n auto --dist worksteal $(ARGS)

docs: setup ## write the generated docs anew
	$(BIN)/python -m docs.generate

places: setup ## solve every run of docs/places.md anew (an hour); of one place: make places PLACE=wiltshire
	$(BIN)/python -m docs.places $(PLACE) $(ARGS)
	$(BIN)/python -m docs.generate

results: setup ## write the shipped results of the places: report, comparison; runs that are missing are solved
	$(BIN)/python -m docs.places.results $(PLACE) $(ARGS)

congestion: setup ## simulate the units of docs/congestion.md anew (some minutes)
	$(BIN)/python -m docs.congestion_simulation
	$(BIN)/python -m docs.generate

bench: setup ## the benchmarks; some of them: make bench ARGS="..."
	$(BIN)/python -m benchmarks $(ARGS)

format: setup ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: ## renew constraints.txt: the newest versions that pyproject.toml admits
	rm -rf build/pins && "$(PYTHON)" -m venv build/pins
	build/pins/bin/python -m pip install -q -e ".[dev]"
	{ sed -n '/^#/p' constraints.txt && build/pins/bin/python -m pip freeze -q --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt && rm -rf build/pins

clean: ## remove .venv and every cache; results/ stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
