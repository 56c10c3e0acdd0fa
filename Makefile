# Everything here works on a machine with GNU make and Python 3.11 or later, nothing else.
# Behind a package mirror tell it to uv as well as to pip: uv does not read pip's configuration.

PYTHON ?= python3
PORT ?= 8000
N ?= 100000

BIN := .venv/bin
UV := $(BIN)/uv pip
# Stamps: each is newer than the lock file that it stands for once that is installed.
UV_STAMP := .venv/.uv
RUN := .venv/.run
DEV := .venv/.dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help:  ## Show this list
	@echo 'Usage: make TARGET [PORT=8000] [N=100000] [PYTHON=python3]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

# ---- Using it

.PHONY: run
run: $(RUN)  ## Start the server with its example data on http://127.0.0.1:PORT
	@PORT=$(PORT) exec $(BIN)/python manage.py serve

.PHONY: admin
admin: $(RUN)  ## Create a staff account for /admin/
	@$(BIN)/python manage.py create_admin

# ---- Testing it

# One suite, two engines at once. PostgreSQL's run is in two parts, since much of it waits for the server, and gives way
# to the other run: so all end at about the same time on two cores. SQLite's shows as it goes, the others when all are
# done, so none is torn by another. All closing lines are printed; any of them failing, or collecting nothing, fails.
.PHONY: test
test: $(DEV)  ## Run the test suite, on SQLite and on PostgreSQL
	@logs=$$(mktemp -d); \
	for part in first second; do \
		nice -n 10 $(MAKE) --no-print-directory test-postgres PART=$$part >"$$logs/$$part" 2>&1 & eval "$$part=$$!"; \
	done; \
	$(MAKE) --no-print-directory test-sqlite & sqlite=$$!; \
	trap 'kill $$sqlite $$first $$second 2>/dev/null; wait; rm -rf "$$logs"; exit 130' INT TERM; \
	status=0; \
	for run in $$sqlite $$first $$second; do wait $$run || status=1; done; \
	echo; cat "$$logs/first"; echo; cat "$$logs/second"; rm -rf "$$logs"; \
	[ $$status -eq 0 ]

.PHONY: test-sqlite
test-sqlite: $(DEV)  ## Run the test suite on SQLite; ARGS='-k name' selects tests
	@echo '==> pytest on SQLite'
	@env -u DATABASE_URL $(BIN)/python -m pytest $(ARGS)

.PHONY: test-postgres
test-postgres: $(DEV)  ## Run the test suite on PostgreSQL: TEST_DATABASE_URL, the machine's server, or a temporary one
	@echo '==> pytest on PostgreSQL$(if $(PART), ($(PART) part))'
	@exec $(BIN)/python -m tests.databases -- $(BIN)/python -m pytest $(if $(PART),--part=$(PART)) \
		-o cache_dir=.pytest_cache/postgresql$(if $(PART),-$(PART)) $(ARGS)

# The long ones: fuzzers, bombs, kills, crowds, upgrades, attackers. They are chosen and ordered by SEED; SAMPLE runs a part.
SEED ?= $(shell date +%Y%m%d)
SAMPLE ?= 1
SLOW = -m slow --seed=$(SEED) --sample=$(SAMPLE) $(ARGS)
.PHONY: test-slow
test-slow: $(DEV)  ## Run the slow tests (minutes) on both databases; SAMPLE=0.2 runs a sample, SEED=1 the same one
	@echo '==> slow tests on SQLite'
	@env -u DATABASE_URL $(BIN)/python -m pytest $(SLOW)
	@echo '==> slow tests on PostgreSQL'
	@$(BIN)/python -m tests.databases -- $(BIN)/python -m pytest -o cache_dir=.pytest_cache/postgresql $(SLOW)

CHECKS := check-lint check-format check-types check-imports check-templates check-migrations check-deploy check-schema

.PHONY: check $(CHECKS)
check: $(DEV)  ## Lint, types, import contracts, templates, migrations, production settings, API schema
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-lint: $(DEV)
	$(BIN)/ruff check

check-format: $(DEV)
	$(BIN)/ruff format --check

check-types: $(DEV)
	$(BIN)/mypy

check-imports: $(DEV)
	$(BIN)/lint-imports

TEMPLATES = $(shell find incidents incidents_api -name '*.html' 2>/dev/null)
check-templates: $(DEV)
	$(if $(TEMPLATES),$(BIN)/djlint --quiet --lint --check $(TEMPLATES),@echo 'There are no templates to check.')

check-migrations: $(DEV)
	$(BIN)/python manage.py makemigrations --check --dry-run

# What production would run with; the key is made for this one command.
check-deploy: $(DEV)
	DEBUG=off HTTPS=on ALLOWED_HOSTS=example.org \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

check-schema: $(DEV)
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

.PHONY: bench
bench: $(DEV)  ## Run the benchmarks on N generated incidents; ONLY=crowd, DB=sqlite select some
	@$(BIN)/python -m tests.benchmarks N=$(N) $(if $(ONLY),ONLY=$(ONLY)) $(if $(DB),DB=$(DB))

# Node comes as a Python package, and into an environment of its own: nothing else here needs it.
CLIENTS := .venv/clients
CLIENT_PATH = $(CURDIR)/$(CLIENTS)/node/bin:$$PATH

$(CLIENTS)/.node: requirements/clients.txt $(UV_STAMP)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CLIENTS)/node
	@$(UV) sync --quiet --python $(CLIENTS)/node/bin/python --require-hashes requirements/clients.txt
	@touch $@

# Both documents are linted; four generators make clients of each, which do a whole job with a server of their own. Takes
# packages from the npm registry, by the hashes of the lock.
.PHONY: clients
clients: $(DEV) $(CLIENTS)/.node  ## Lint the OpenAPI documents; generate clients with four generators and run them
	@mkdir -p $(CLIENTS)/typescript
	@cp tests/schema/typescript/.npmrc tests/schema/typescript/* $(CLIENTS)/typescript
	@PATH="$(CLIENT_PATH)" && cd $(CLIENTS)/typescript && npm ci --silent
	@PATH="$(CLIENT_PATH)" && for version in 3.0 3.1; do \
		export OPENAPI="$(CURDIR)/docs/openapi-$$version.json" && echo "==> $$version" && \
		$(BIN)/python -m openapi_spec_validator "$$OPENAPI" && \
		npm --prefix $(CLIENTS)/typescript run --silent lint && \
		npm --prefix $(CLIENTS)/typescript run --silent build && \
		$(BIN)/python -m tests.schema.server -- npm --prefix $(CLIENTS)/typescript run --silent job || exit 1; \
	done
	@$(BIN)/python -m pytest -q -m slow tests/schema/test_python_client.py

ENGINES := .venv/engines

$(ENGINES)/.spark: requirements/engines.txt $(UV_STAMP)
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(ENGINES)
	@$(UV) sync --quiet --python $(ENGINES)/bin/python --require-hashes requirements/engines.txt
	@touch $@

.PHONY: engines
engines: $(DEV) $(ENGINES)/.spark  ## Compare counts of DuckDB and Spark with the server's; needs Java 17
	@java -version >/dev/null 2>&1 || { \
		echo "Spark needs Java 17 or later, and there is no java here. On Debian: apt-get install default-jre-headless" >&2; \
		exit 1; }
	@SPARK_PYTHON="$(CURDIR)/$(ENGINES)/bin/python" $(BIN)/python -m pytest tests/engines $(ARGS)

# ---- Changing it

.PHONY: format
format: $(DEV)  ## Format code and templates, and apply lint fixes
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(if $(TEMPLATES),$(BIN)/djlint --quiet --reformat $(TEMPLATES) || true)

.PHONY: schema
schema: $(DEV)  ## Update the golden files of the tests, and the version in ETags
	@$(BIN)/python manage.py write_schema
	@$(BIN)/python -m tests.contract.golden

.PHONY: hooks
hooks: $(DEV)  ## Install a git hook that runs the quick checks before each commit
	@$(BIN)/pre-commit install

# The locks keep hashes and no addresses, so any registry that has the same files will do.
COMPILE := $(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
.PHONY: lock
lock: $(UV_STAMP)  ## Rewrite the lock files from requirements/*.in; UPGRADE=1 upgrades versions
	$(COMPILE) requirements/uv.in -o requirements/uv.txt
	$(COMPILE) requirements/run.in -o requirements/run.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/clients.in -o requirements/clients.txt
	$(COMPILE) requirements/engines.in -o requirements/engines.txt
	$(COMPILE) requirements/world.in -o requirements/world.txt

.PHONY: clean
clean:  ## Remove the environment and all caches; keeps the data in var/
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- The environment

$(UV_STAMP): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or later, and '$(PYTHON)' is not: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
		echo "'$(PYTHON)' cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

# Adds and never removes, so that running the server leaves the tools of `make test` in place.
$(RUN): requirements/run.txt $(UV_STAMP)
	@$(UV) install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@touch $@

$(DEV): requirements/dev.txt $(UV_STAMP)
	@$(UV) sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt requirements/uv.txt
	@touch $@
