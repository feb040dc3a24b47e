# Everything a person types: make run, make test. Nothing has to be installed before but Python 3.11+.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test chaos check bench format lock clean

# A quarter of the sample office, a day a minute, in simulated groups: no account is needed.
run: $(VENV)/.installed
	$(BIN)/jiaoying run --data data/demo --port $(PORT) --at 2026-07-01T08:00+08:00 --speed 1500

test: $(VENV)/.tested
	$(BIN)/python -m pytest

# kill -9 three hundred times while calls climb; about twenty minutes.
chaos: $(VENV)/.tested
	JIAOYING_KILLS=300 $(BIN)/python -m pytest -s tests/chaos

check: $(VENV)/.tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/jiaoying check

# Rates beside a peer or a floor, in one run each.
bench: $(VENV)/.benched
	for one in bench/*.py; do echo "== $$one"; PYTHONPATH=. $(BIN)/python $$one || exit 1; done

format: $(VENV)/.tested
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --group build pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --group build --group dev pyproject.toml --output-file requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --group build --group dev --group bench pyproject.toml --output-file requirements-bench.txt

clean:
	rm -rf $(VENV) data/demo

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新的版本：make PYTHON=/路径/python3.11 run'; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.tested: requirements-dev.txt $(VENV)/.installed
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.benched: requirements-bench.txt $(VENV)/.tested
	$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@
