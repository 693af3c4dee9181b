# Linli's targets. `make` alone explains them. Nothing but Python 3.11 (or newer) and make is needed beforehand.

SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
WORKERS ?= 2
BUILT := linli/web/static/built/manifest.json
FRONTEND := $(filter-out frontend/node_modules,$(wildcard frontend/*.* frontend/css/*.css))
PO := $(wildcard linli/web/*/locale/*/LC_MESSAGES/django.po)
MO := $(PO:.po=.mo)

.DEFAULT_GOAL := help
.PHONY: help setup pages demo test test-slow check dist screenshots bench clean

help:  ## Show this list
	@echo "Linli (邻里). Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Variables: ONCE=1, DEMO=full, DEMO_MESSAGES=file.csv (demo); WORKERS=2 (test); LINLI_HOME, DATABASE_URL (all)."

.venv/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is not there."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' || { echo "On Debian: apt-get install python3-venv"; exit 1; }
	"$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

frontend/node_modules/ready: .venv/ready frontend/package-lock.json
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(BUILT): frontend/node_modules/ready $(FRONTEND)
	cd frontend && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build -- --logLevel warn

%.mo: %.po .venv/ready
	@$(BIN)/pybabel --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/,%,$(dir $(patsubst %/,%,$(dir $@)))))

pages: $(BUILT) $(MO)  ## Scripts, styles and translations of the pages

setup: .venv/ready pages  ## Virtual environment, packages, pages, database, keys, rule pack
	$(BIN)/linli setup

demo: setup  ## A demo city and a week of its reports, worked through
	$(BIN)/linli demo $(if $(ONCE),--once) $(if $(filter full,$(DEMO)),--full) $(if $(DEMO_MESSAGES),--messages "$(DEMO_MESSAGES)")

test: .venv/ready pages  ## Tests, under 10 minutes
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: .venv/ready pages  ## Load, fault and other long tests
	$(BIN)/python -m pytest -m slow

check: .venv/ready  ## Lint, types, layers, rule packs, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -q tests/architecture
	for pack in packs/*/pack.yaml; do $(BIN)/linli rules check "$$(dirname "$$pack")" || exit 1; done
	DJANGO_SETTINGS_MODULE=linli.app.settings $(BIN)/python -W ignore -m django makemigrations --check --dry-run

dist: .venv/ready pages  ## A wheel with assets, translations and rule packs, in dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

screenshots: .venv/ready pages  ## A picture of every page, into screenshots/; LINLI_MOCKS=folder puts mocks beside
	$(BIN)/python -m linli.web.tests.walk.pictures

bench: .venv/ready  ## The speed table, also as bench/results.json
	$(BIN)/python -m bench

clean:  ## Remove caches; the home with its database stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
