# Everything that is run by hand or by CI is one word here: `make help`.
PYTHON ?= python3
DATA ?= ../shared
VENV := .venv
BIN := $(VENV)/bin

help: ## show these words
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.ready ## the environment, from the lock file

lint: setup ## format, style, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

lock: ## resolve requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml

.PHONY: help setup lint lock
