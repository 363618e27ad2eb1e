# The doors of the project: `make demo` and `make test` need Python 3.11+ and make, nothing else.
PYTHON ?= python3
PORT ?= 8088
BIN := .venv/bin
# What is compiled is kept, whatever the environment says: a test run starts some hundred processes.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache

.PHONY: setup demo test faults docs bench lint lock clean

setup: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/.installed

demo: setup
	@$(BIN)/qingli demo --port $(PORT)

# Four at once also on two cores: many tests wait for processes.
test: setup
	@$(BIN)/python -m pytest -n 4 --dist worksteal

# Measures everything on a quiet machine, for half an hour, and rewrites benchmarks/RESULTS.md; only `peers` needs a
# package index. One alone: make bench ONLY=sending
bench: setup
	@$(BIN)/python -m benchmarks $(ONLY)

# Every fault at full size, which takes some 25 minutes; writes the table at the end of docs/reliability.md.
faults: setup
	@$(BIN)/python -m tests.faults --table docs/reliability.md

# Writes what follows from the program: docs/reference/, and the rooms in docs/architecture.md.
docs: setup
	@$(BIN)/python -m docs.reference.build

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive bot handlers scheduler models

# Needs uv; run it after a change of the dependencies in pyproject.toml.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  pyproject.toml --group dev -o requirements.lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
