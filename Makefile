VENV := .venv
PYTHON ?= python3

.PHONY: test lint
test: $(VENV)/ready
	$(VENV)/bin/pytest -q

lint: $(VENV)/ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install -q -e '.[dev]'
	touch $@
