# `make run` sets up and does the main job; `make test` sets up and runs all checks.
# The same steps in plain pip, for Windows: README.md.
#
#   make run PHOTOS=FOLDER    index FOLDER and answer three captions; then the window
#   make test                 linters, types, tests with coverage
#   make package              build and check the program that needs no Python

PHOTOS ?=
# Handed on unread, for a folder's name may hold anything.
export SGRAFFITO_PHOTOS := $(value PHOTOS)
VENV := .venv
CONSTRAINTS := packaging/constraints.txt
BIN := $(VENV)/bin

# The first Python on the PATH that is new enough.
PYTHON ?= $(shell for p in python3 python python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint $(CONSTRAINTS)

.PHONY: run test package clean

run: $(VENV)/.run-ready
ifeq ($(PHOTOS),)
	$(BIN)/python main.py
else
	$(BIN)/python main.py demo "$$SGRAFFITO_PHOTOS"
	$(BIN)/python -c "import main; main.has_display() and main.main([])"
endif

test: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --cov=engine --cov-report=term --cov-fail-under=90

package: $(VENV)/.package-ready
	$(BIN)/python packaging/build.py

$(VENV)/.run-ready: $(VENV)/.torch-ready pyproject.toml
	$(PIP) --editable ".[demo]"
	touch $@

$(VENV)/.test-ready: $(VENV)/.torch-ready pyproject.toml
	$(PIP) --editable ".[demo,dev]"
	touch $@

$(VENV)/.package-ready: $(VENV)/.torch-ready pyproject.toml
	$(PIP) --editable ".[package]"
	touch $@

# torch comes first and alone: once it is there, nothing below asks for another build of it.
$(VENV)/.torch-ready: $(CONSTRAINTS)
	$(if $(PYTHON),,$(error Sgraffito needs Python 3.11 or newer, and none was found))
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch
	touch $@

clean:
	rm -rf $(VENV) build dist
