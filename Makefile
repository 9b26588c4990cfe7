# The two commands a newcomer needs are `make demo` and `make test`; both find or install what is missing.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Many stories start a process of their own: each would compile the whole package again where a shell forbids to keep that.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check suite suite-postgres sweep bench screenshots lock assets browser clean help
help:  ## What there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: .venv/.run assets  ## Install, load the sample year, build its report, serve on 127.0.0.1:8000
	$(BIN)/shield demo $(ARGS)

test: .venv/.test assets browser check suite sweep suite-postgres  ## Everything: gates, the suite on both databases, every page in a browser

check: .venv/.test assets  ## The gates without the suite: lint, format, types, templates, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint shield --lint --quiet
	$(BIN)/lint-imports

suite: .venv/.test assets browser  ## The suite on SQLite, without the page sweep
	$(BIN)/pytest -n 2 --dist worksteal -m "not sweep" $(ARGS)

sweep: .venv/.test assets browser  ## Every page in a real browser: axe, console, 320 px (several minutes)
	$(BIN)/pytest -n 2 --dist worksteal -m sweep $(ARGS)

suite-postgres: .venv/.test assets  ## The suite on a PostgreSQL that it starts itself, without a browser and what meets no database
	SHIELD_TEST_DATABASE=postgres $(BIN)/pytest -n 2 --dist worksteal -m "not browser and not once" $(ARGS)

bench: .venv/.test assets  ## Measure: times and peak memory
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: .venv/.test assets browser  ## Draw the pictures of README and docs/tour.md from the running demonstration
	$(BIN)/python docs/screenshots.py $(ARGS)

lock: .venv/.test  ## Compile the lock files with hashes and without registry hosts
	$(BIN)/pip install --quiet uv
	cd requirements && for f in run test; do ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header $$f.in -o $$f.txt; done

assets:
	@$(BIN)/python -m shield.kernel.design.management.build

browser:
	@if [ -n "$${SHIELD_TEST_BROWSER:-}" ] || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Installing Chromium for the browser tests…"; \
		apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null; \
	else echo "The browser tests need Chromium: install Debian's package chromium, or name one by SHIELD_TEST_BROWSER." >&2; exit 1; fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Shield needs Python 3.11 or later; name one by PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get -qq update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y python3-venv >/dev/null; \
		else echo "Python's venv is missing: install Debian's package python3-venv." >&2; exit 1; fi; }
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python requirements/run.txt pyproject.toml
	@echo "Installing what Shield needs (about a minute, once)…"
	$(BIN)/pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@echo "Installing what the tests need (about a minute, once)…"
	$(BIN)/pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

clean:  ## Remove what was built and the demonstration's data
	rm -rf .venv node_modules data shield/kernel/design/static
