# DIP. Two commands do all the set-up on a fresh Debian with Python 3.11 (venv) and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help demo test check bench format messages lock clean

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

$(UV):
	@echo "Making the environment in $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "DIP needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

$(VENV)/app.done: $(UV) requirements/app.txt pyproject.toml
	@echo "Installing the locked packages" >&2
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/app.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib || true
	@touch $@

$(VENV)/test.done: $(VENV)/app.done requirements/test.txt
	@echo "Installing the test packages" >&2
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@

demo: $(VENV)/app.done  ## the platform, running, with a lively demo season
	@$(BIN)/dip demo --port $(PORT)

test: $(VENV)/test.done  ## everything: unit, property, API, browser journeys, architecture
	@sh tests/browser.sh
	@sh tests/office.sh
	@$(BIN)/python -m dip.web.assets
	@$(BIN)/python -m dip.web.messages --compile
	@$(BIN)/lint-imports --no-cache > /tmp/dip-imports.log 2>&1 || (cat /tmp/dip-imports.log; exit 1)
	@$(BIN)/pytest -q -n 2 --dist loadscope

check: $(VENV)/test.done  ## format, lint, types, imports, fast tests: under a minute
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy dip
	@$(BIN)/lint-imports > /dev/null || $(BIN)/lint-imports
	@$(BIN)/pytest -q -n 2 -m "not journey and not slow"

bench: $(VENV)/test.done  ## make -s bench BENCH=ingest|pages
	@$(BIN)/dip bench $(or $(BENCH),ingest)

format: $(VENV)/test.done  ## format and mend what can be mended
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

messages: $(VENV)/test.done  ## collect new texts into the catalogues
	@$(BIN)/python -m dip.web.messages

lock: $(UV)  ## resolve requirements/*.in anew, with hashes
	@$(UV) pip compile --quiet --universal --no-header --python-version 3.11 --generate-hashes requirements/test.in -o requirements/test.txt
	@$(UV) pip compile --quiet --universal --no-header --python-version 3.11 --generate-hashes -c requirements/test.txt requirements/app.in -o requirements/app.txt
	@$(UV) pip compile --quiet --universal --no-header --python-version 3.11 --generate-hashes -c requirements/test.txt requirements/uv.in -o requirements/uv.txt

clean:  ## remove the environment and caches; keeps var/
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
