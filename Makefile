# The commands of the project. `make run` and `make test` work on a bare Debian 12 or 13 with Python 3.11 to 3.13 and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := bash packaging/setup.sh
UV := $(BIN)/python -m uv
ASIDE := $(addprefix --ignore=tests/,bench environments servers readers)

.PHONY: help run server test test-e2e test-long test-servers test-readers test-environments test-roots test-mutants bench load-test ha-test check layers format package windows deb lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

run: ## set everything up and open the window
	@PYTHON=$(PYTHON) $(SETUP) desktop
	@$(BIN)/upschedule

server: ## set everything up and start a sync server on this machine
	@PYTHON=$(PYTHON) $(SETUP) server
	@$(BIN)/syncserver serve

test: ## set everything up and run the checks and the tests
	@PYTHON=$(PYTHON) $(SETUP) dev
	@$(MAKE) --no-print-directory check
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow" $(ASIDE) --ignore=tests/e2e

test-e2e: ## whole programs: windows on a screen, commands, servers that are killed, updates, old profiles
	@PYTHON=$(PYTHON) $(SETUP) dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow" tests/e2e

test-long: ## the long runs: thousands of damaged files, tens of thousands of sync schedules
	@PYTHON=$(PYTHON) $(SETUP) dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --dist loadgroup -m slow $(ASIDE) --timeout=7200

test-servers: ## pushes to real CalDAV servers: Radicale, Xandikos, and as root Cyrus and SOGo
	@PYTHON=$(PYTHON) $(SETUP) dev
	@PYTHON=$(PYTHON) $(SETUP) servers
	@$(BIN)/python -m pytest tests/servers -p no:xdist -rs

test-readers: ## what real calendar programs read in the files: libical, node-ical, rrule, vobject, sabre/vobject
	@PYTHON=$(PYTHON) $(SETUP) dev
	@PYTHON=$(PYTHON) $(SETUP) readers
	@$(BIN)/python -m pytest tests/readers -p no:xdist -rs

test-environments: ## each program from its own lock alone, in a clean environment, used
	@PYTHON=$(PYTHON) $(SETUP) dev
	@QT_QPA_PLATFORM=offscreen PYTHON=$(PYTHON) $(BIN)/python -m pytest tests/environments -p no:xdist

test-roots: ## what the README names in fresh Debian 12 and 13 systems (as root, with debootstrap and Xvfb)
	@bash tests/environments/roots.sh

test-mutants: ## whether the tests see 500 small faults in merging, terms, clashes, the sync plan and epochs (an hour)
	@PYTHON=$(PYTHON) $(SETUP) dev
	@$(BIN)/python -m tests.mutation

bench: ## the benchmarks, as ratios to something measured in the same run
	@PYTHON=$(PYTHON) $(SETUP) dev
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/bench -p no:xdist --benchmark-columns=min,median,max --timeout=1800

load-test: ## the sync server under load, with a report
	@PYTHON=$(PYTHON) $(SETUP) dev
	@$(BIN)/python -m tests.load

ha-test: ## the sync server on Postgres that fails over: etcd, Patroni, HAProxy and Sentinel on loopback, one fault after the other
	@PYTHON=$(PYTHON) $(SETUP) dev
	@PYTHON=$(PYTHON) $(SETUP) ha
	@$(BIN)/python -m tests.ha

check: ## lint, types and the layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs --output-sync types-linux types-win32 types-darwin layers

types-%: # each with a cache of its own: mypy drops what it knows where the platform is another
	@$(BIN)/mypy --platform $* --cache-dir .mypy_cache/$*

layers:
	@$(BIN)/lint-imports

format: ## put the sources into their form
	@$(BIN)/ruff check --fix-only -q . || true
	@$(BIN)/ruff format -q .

package: ## build the application for this system and try it
	@PYTHON=$(PYTHON) $(SETUP) dev
	@$(BIN)/python packaging/build.py

windows: ## build the Windows program and its installer under Wine, and try them
	@PYTHON=$(PYTHON) $(SETUP) dev
	@PYTHON=$(PYTHON) $(SETUP) windows
	@$(UV) --version >/dev/null 2>&1 || $(BIN)/pip install -q uv
	@$(BIN)/python packaging/windows

deb: ## build the Debian packages in a Debian 12 root, and try them in fresh Debian 12 and 13 (as root, with debootstrap)
	@PYTHON=$(PYTHON) $(SETUP) dev
	@PYTHON=$(PYTHON) $(SETUP) debian
	@bash packaging/debian/build.sh
	@PYTHON=$(abspath $(BIN)/python) bash packaging/debian/try.sh

lock: ## pin every dependency anew, with hashes
	@$(UV) --version >/dev/null 2>&1 || $(BIN)/pip install -q uv
	@lock() { $(UV) pip compile -q --universal --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate --python-version 3.11 "$$@"; }; \
	 lock --extra desktop --extra server --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt && \
	 lock -c requirements/dev.txt --extra server pyproject.toml requirements/build.in -o requirements/server.txt && \
	 lock -c requirements/dev.txt --extra desktop pyproject.toml requirements/build.in -o requirements/desktop.txt && \
	 lock -c requirements/dev.txt --extra desktop pyproject.toml requirements/build.in requirements/package.in -o requirements/package.txt && \
	 lock -c requirements/dev.txt --extra server pyproject.toml requirements/build.in requirements/package.in -o requirements/server-package.txt && \
	 lock requirements/clients.in -o requirements/clients.txt && \
	 lock requirements/release.in -o requirements/release.txt && \
	 lock requirements/ha.in -o requirements/ha.txt

clean: ## remove what the commands made
	rm -rf $(VENV) .venv-* build dist node_modules *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
