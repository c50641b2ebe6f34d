# `make` sets everything up, runs the main job on the embedded data and writes the report.
# `make test` sets everything up and passes the tests.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
REPORT ?= report

export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: all report test lint types bench docs audit clean setup
all: report

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv

$(VENV)/.core: $(UV) pyproject.toml
	$(UV) sync --quiet --inexact --no-default-groups
	@touch $@

$(VENV)/.dev: $(UV) pyproject.toml
	$(UV) sync --quiet --inexact --all-extras --group dev
	@touch $@ $(VENV)/.core

setup: $(VENV)/.dev

report: $(VENV)/.core
	$(BIN)/tertius assess IRN --sender USA --measure "secondary_tariff 25% on partners of IRN" \
	  --as-of 2026-01-13 --report $(REPORT)

test: $(VENV)/.dev
	$(BIN)/pytest -q

lint: $(VENV)/.dev
	$(BIN)/ruff check src tests docs/build.py
	$(BIN)/ruff format --check src tests docs/build.py

types: $(VENV)/.dev
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

docs: $(VENV)/.dev
	$(BIN)/python docs/build.py

audit: $(VENV)/.dev
	$(BIN)/python -m tests.audit

clean:
	rm -rf $(VENV) $(REPORT) .pytest_cache .mypy_cache .ruff_cache
