# Two commands matter: `make report` builds every report, `make test` runs the tests.
# The first use of either makes .venv from requirements.lock; it is made again only when the lock changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: report test lab lint lock clean bench

report: $(READY)
	$(BIN)/regimes report

test: $(READY)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lab: $(READY)
	$(BIN)/regimes lab

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m benchmarks

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Regime Workbench needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if ! cmp -s requirements.lock $(VENV)/.lock; then \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@cp requirements.lock $(VENV)/.lock
	@touch $(READY)

# Newest versions within the bounds of pyproject.toml; hashes for every platform, no index address.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	echo 'setuptools>=77' | $(VENV)-lock/bin/uv pip compile --universal --generate-hashes --python-version 3.11 --all-extras \
	  --no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock pyproject.toml -
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) $(VENV)-lock reports/build .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
