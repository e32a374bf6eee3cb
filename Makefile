# The commands of this project. `make` lists them.
#
# A machine with Python 3.11 and nothing else is enough: the first `make run` or `make test` makes
# the virtual environment and installs into it what the requirements files name, by hash. Stamp
# files inside the environment remember what is done, so the second time starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BENCH_VENV := .venv-bench
BIN := $(VENV)/bin
PY := $(BIN)/python
FLASK := $(BIN)/flask --app fundapp
PORT ?= 8000
WORKERS ?= 1
THREADS ?= 8
SIZE ?= small
TEST_JOBS ?= 2
UV_VERSION := 0.13.9

TRANSLATIONS := fundapp/translations
CATALOGUES := $(wildcard $(TRANSLATIONS)/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
BABEL := $(PY) -m babel.messages.frontend --quiet
PYTEST := $(PY) -m pytest -q
PYTEST_OF = $(PYTEST) -n $(1) --dist worksteal --durations=10 --durations-min=0.5
PYTEST_ALL := $(call PYTEST_OF,$(TEST_JOBS))
STAGES := lint imports test-sqlite-and-browser test-postgresql

export PORT
export PYTHONUTF8 := 1
# Compiled modules start in a third of the time, wherever the environment says not to keep them.
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  \033[1mmake %-15s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --------------------------------------------------------------------------------------- installing

# uv from inside the environment is quick, and trusts the certificates of the system, as pip may be
# set up to. Where it cannot be had, or cannot reach the packages that pip is set up to reach, pip does
# the same work with the same hashes.
define install-from
	echo "Installing from $(1) …"
	$(2) -m pip --version >/dev/null 2>&1 || $(2) -m ensurepip --upgrade >/dev/null
	$(2) -m pip install --quiet "uv==$(UV_VERSION)" \
	  && $(2) -m uv pip install --quiet --system-certs --compile-bytecode --python $(2) --require-hashes -r $(1) \
	  || { echo "uv could not do it; trying pip …"; $(2) -m pip install --quiet --require-hashes -r $(1); }
endef

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and no python3 was found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Making the virtual environment $(VENV) …"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(PY)
	@$(call install-from,requirements.txt,$(PY))
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(PY)
	@$(call install-from,requirements-dev.txt,$(PY))
	@touch $(VENV)/.installed $@

# What is measured beside the program is installed by `make bench` alone, apart from the program.
$(BENCH_VENV)/.installed: requirements-bench.txt | $(PY)
	@test -x $(BENCH_VENV)/bin/python || "$(PYTHON)" -m venv $(BENCH_VENV)
	@$(call install-from,requirements-bench.txt,$(BENCH_VENV)/bin/python)
	@touch $@

.PHONY: install dev
install: $(VENV)/.installed $(COMPILED) ## Make the virtual environment, install what the application needs, compile catalogues
dev: $(VENV)/.installed-dev ## The same, with what tests and checks need

.PHONY: requirements
requirements: dev ## Work out requirements*.txt anew from requirements*.in (UPGRADE=--upgrade for newer)
	@for name in requirements requirements-dev requirements-bench; do \
	  $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-strip-extras $(UPGRADE) $$name.in -o $$name.txt; done

# ------------------------------------------------------------------------------------------ running

.PHONY: run
run: install ## Serve the demo province on http://127.0.0.1:8000 (PORT=… changes it)
	@mkdir -p instance
	@$(FLASK) db upgrade
	@$(FLASK) demo load --if-empty
	@$(FLASK) demo sign-ins
	@printf '\n  Open http://127.0.0.1:%s   (Ctrl-C stops)\n\n' "$(PORT)"
	@started=; trap 'kill $$started 2>/dev/null || true' EXIT INT TERM; \
	if [ -z "$${STRIPE_SECRET_KEY:-}" ] && [ -d tests/fakes/stripe ]; then \
	  export STRIPE_SECRET_KEY=sk_test_fake STRIPE_WEBHOOK_SECRET=whsec_fake; \
	  export STRIPE_API_BASE=http://127.0.0.1:$$(($(PORT) + 1)); \
	  $(PY) -m tests.fakes.stripe --port $$(($(PORT) + 1)) \
	    --webhook http://127.0.0.1:$(PORT)/webhooks/stripe & started="$$started $$!"; \
	fi; \
	if [ -z "$${LINE_CHANNEL_TOKEN:-}" ] && [ -d tests/fakes/line ]; then \
	  export LINE_CHANNEL_TOKEN=line_fake LINE_CHANNEL_SECRET=line_secret_fake LINE_BASIC_ID=@fund; \
	  export LINE_API_BASE=http://127.0.0.1:$$(($(PORT) + 2)); \
	  $(PY) -m tests.fakes.line --port $$(($(PORT) + 2)) \
	    --webhook http://127.0.0.1:$(PORT)/webhooks/line & started="$$started $$!"; \
	fi; \
	$(FLASK) worker & started="$$started $$!"; \
	$(BIN)/gunicorn --worker-class gthread --workers $(WORKERS) --threads $(THREADS) \
	  --bind 127.0.0.1:$(PORT) --no-control-socket --log-level warning 'fundapp:create_app()'

.PHONY: migrate demo
migrate: install ## Bring the database to the newest tables
	@$(FLASK) db upgrade
demo: migrate ## Load the demo province (SIZE=small|province|nation) and show its sign-ins
	@$(FLASK) demo load --size $(SIZE)
	@$(FLASK) demo sign-ins

# ----------------------------------------------------------------------------------------- checking

# Types are checked beside the first tests: they keep one core busy for a minute. The test of the
# translations is among those on SQLite.
.PHONY: test
test: dev $(COMPILED) ## Everything that must be green, and where the time went
	@times=; said=$$(mktemp); $(MAKE) types >"$$said" 2>&1 & types=$$!; \
	trap 'kill $$types 2>/dev/null || true; rm -f "$$said"' EXIT; \
	for stage in $(STAGES); do \
	  began=$$SECONDS; $(MAKE) $$stage; \
	  if [ $$stage = test-sqlite-and-browser ]; then wait $$types || { cat "$$said"; exit 1; }; cat "$$said"; fi; \
	  times+=$$(printf '%5d s  %s' $$((SECONDS - began)) $$stage)$$'\n'; \
	done; \
	PATH="$$PATH:/usr/sbin" command -v $${NGINX:-nginx} >/dev/null \
	  || printf '\n!! NO NGINX FOUND: THE SAMPLE OF docs/deploy WAS NOT TRIED (make proxy).\n'; \
	printf '\nLint, types, imports, translations and the tests on SQLite and PostgreSQL are green.\n'; \
	printf '\n%s%5d s  in all\n' "$$times" $$SECONDS

.PHONY: test-sqlite test-postgresql test-browser test-sqlite-and-browser
test-sqlite: dev $(COMPILED) ## The tests on SQLite
	@echo "== Tests on SQLite"
	@TEST_DATABASE=sqlite $(PYTEST_ALL) -m "not browser" $(ARGS)

test-postgresql: dev $(COMPILED) ## The tests that use a database on PostgreSQL (TEST_DATABASE_URL=… for a server of yours)
	@echo "== Tests on PostgreSQL"
	@TEST_DATABASE=postgresql $(PYTEST_ALL) -m "database and not browser" $(ARGS)

test-browser: dev $(COMPILED) ## The tests in Chromium (CHROMIUM=… when it is not on the path)
	@if $(PY) -m tests.chromium; then \
	  echo "== Tests in the browser"; \
	  TEST_DATABASE=sqlite $(PYTEST_ALL) -m browser tests/browser $(ARGS); \
	else \
	  $(no-chromium); \
	fi

# In one run, with one worker more: tests in the browser mostly wait for it, and others go on meanwhile.
test-sqlite-and-browser: dev $(COMPILED)
	@echo "== Tests on SQLite and in the browser"
	@if $(PY) -m tests.chromium; then \
	  TEST_DATABASE=sqlite $(call PYTEST_OF,$$(($(TEST_JOBS) + 1))) $(ARGS); \
	else \
	  TEST_DATABASE=sqlite $(PYTEST_ALL) -m "not browser" $(ARGS); $(no-chromium); \
	fi

define no-chromium
printf '\n%s\n!! NO CHROMIUM FOUND: THE BROWSER TESTS WERE NOT RUN.\n%s\n%s\n\n' \
	    '!!======================================================================' \
	    '!! Install it (Debian: apt-get install chromium fonts-thai-tlwg) or set CHROMIUM=/path/to/chromium.' \
	    '!!======================================================================'
endef

.PHONY: checks checks-but-types lint format types imports translations
checks: dev $(COMPILED) ## Lint, types, imports and translations, at the same time
	@$(MAKE) types & types=$$!; failed=0; \
	$(MAKE) checks-but-types || failed=1; wait $$types && exit $$failed

checks-but-types: lint imports translations

lint: dev ## Style: ruff check, ruff format --check
	@echo "== Lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: dev ## Let ruff put in order what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: dev ## Types: mypy, strict
	@echo "== Types"
	@$(BIN)/mypy

imports: dev ## Directions of imports between the packages
	@echo "== Imports"
	@$(BIN)/lint-imports --no-logo

translations: dev $(COMPILED) ## Thai and Malay are complete, and their placeholders are right
	@echo "== Translations"
	@$(PYTEST) tests/architecture/test_translations.py

.PHONY: cover
cover: dev $(COMPILED) ## Which lines no test reaches (SQLite)
	@TEST_DATABASE=sqlite $(PYTEST) -n $(TEST_JOBS) -m "not browser" --cov --cov-report=term --cov-report=html:instance/coverage $(ARGS)
	@echo "Line by line: instance/coverage/index.html"

.PHONY: mutants
mutants: dev $(COMPILED) ## How many small faults the tests notice (TARGETS="web money", MUTANTS=50 of each target)
	@MUTANTS="$(MUTANTS)" $(PY) -m tests.mutants $(TARGETS)

.PHONY: storm
storm: dev $(COMPILED) ## 10,000 notices of the card processor at a server with two workers, on both databases (SEEDS="1 2 3", DATABASE=sqlite)
	@DATABASE="$(DATABASE)" SEEDS="$(SEEDS)" $(PY) -m tests.storm

.PHONY: faults
faults: dev $(COMPILED) ## Kills, full disks and other faults under load, on both databases (FAULTS="kill full", DATABASE=sqlite, KILLS=200)
	@DATABASE="$(DATABASE)" KILLS="$(KILLS)" $(PY) -m tests.faults $(FAULTS)

.PHONY: proxy
proxy: dev $(COMPILED) ## The sample of docs/deploy: nginx before gunicorn, 200 slow clients (NGINX=/path/to/nginx)
	@TEST_DATABASE=sqlite $(PYTEST) -s tests/deploy $(ARGS)

.PHONY: routes
routes: dev ## Write tests/architecture/routes.json anew: read the difference before you commit it
	@$(PY) -m tests.architecture.routes
	@git --no-pager diff --stat -- tests/architecture/routes.json || true

.PHONY: bench
bench: dev $(COMPILED) $(BENCH_VENV)/.installed ## Measure posting and pages (ARGS="posting sqlite"), or how pages grow (SIZE=nation)
	@$(PY) -m bench $(if $(filter-out small,$(SIZE)),growth --size $(SIZE)) $(ARGS)

# -------------------------------------------------------------------------------------- translating

%.mo: %.po | $(VENV)/.installed
	@$(BABEL) compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

.PHONY: i18n
i18n: dev ## Gather the sentences, bring them into the catalogues, compile, tell what is missing
	@mkdir -p instance
	@$(BABEL) extract --mapping-file babel.cfg --keyword _l --keyword lazy_gettext --keyword lazy_ngettext:1,2 \
	  --add-comments TRANSLATORS: --sort-by-file --no-location --omit-header \
	  --output-file instance/messages.pot .
	@for locale in th ms; do \
	  $(BABEL) $$(test -f $(TRANSLATIONS)/$$locale/LC_MESSAGES/messages.po \
	      && echo update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || echo init) \
	    --input-file instance/messages.pot --output-dir $(TRANSLATIONS) --locale $$locale; done
	@$(MAKE) translations

.PHONY: clean
clean: ## Remove the virtual environment and what was compiled; instance/ with its data stays
	@rm -rf $(VENV) $(BENCH_VENV) $(COMPILED) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find fundapp tests migrations bench -name __pycache__ -type d -prune -exec rm -rf {} +
