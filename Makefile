# Every command of this project. `make help` lists them; `make run` is the one to start with.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The first Python that is new enough. 3.12 and 3.11 come first: for them every package is
# ready-made on Linux, so that no compiler is needed.
PYTHON ?= $(shell for name in python3.12 python3.11 python3 python3.14 python3.13; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then echo "$$name"; exit; fi; done; echo python3)

BOOTSTRAP := $(PYTHON) -I metaclaw_web/stack/bootstrap.py
BIN := .venv/bin
STACK := $(BIN)/python -m metaclaw_web.stack
# What a path or test name given with a= narrows down: make test-backend a=tests/jobs
a ?= tests
JOBS ?= 2

.PHONY: help run stop status test check fix bench bench-canary bench-retrieval bench-search \
	bench-console bench-learning bench-training demo dev schema \
	requirements parquet \
	trainer trainer-environment \
	environment test-environment console lint types contracts migrations schema-check \
	test-backend test-frontend test-browser test-clients screenshots \
	record-clients checks all-checks

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/\1|\2/' \
		| awk -F'|' '{ printf "  make %-15s %s\n", $$1, $$2 }'

# --- the running product

run: environment console  ## install what is missing, start everything, stay until Ctrl-C
	@exec $(STACK) run

stop:  ## stop a stack that runs elsewhere or was left behind
	@exec $(STACK) stop

status:  ## show the processes of the running stack
	@exec $(STACK) status

demo: environment trainer-environment console  ## watch an agent and a model learn, on a stack that is thrown away
	@METACLAW_POLICY=on exec $(STACK) exec --full -- $(BIN)/python -m metaclaw_web.cli demo --train

# More with a=: make trainer a="--model my-model=/models/my-model --device cuda"
trainer: trainer-environment  ## train adapters on this machine: a server of the Tinker API
	@exec $(BIN)/python -m apps.trainer --data var/trainer $(filter-out tests,$(a))

dev: environment  ## the console with hot reload, beside a stack started with `make run`
	@echo "Needs a running stack (make run, in another terminal). Ctrl-C ends the dev server."
	@exec $(STACK) npm -- run dev

parquet: environment  ## install what exports in Parquet need (45 MB)
	@$(BOOTSTRAP) export

# --- checks

test: test-environment trainer-environment console  ## everything, from a fresh clone: what the CI runs
	@METACLAW_CHROMIUM=$$($(STACK) browser) && export METACLAW_CHROMIUM && \
		exec $(STACK) exec -- $(MAKE) all-checks

check: test-environment  ## the fast part: lint, types, contracts, unit tests; no browser
	@exec $(STACK) exec -- $(MAKE) checks

checks: lint types contracts migrations schema-check test-backend test-frontend

all-checks: checks test-browser

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(STACK) npm -- run lint

types:
	$(BIN)/mypy apps metaclaw_web

contracts:
	$(BIN)/lint-imports

migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run

schema-check:
	$(BIN)/python manage.py spectacular --validate | diff -u schema.yml - \
		|| { echo "schema.yml is not what the code says: make schema"; exit 1; }

test-backend:
	$(BIN)/python -m pytest -n $(JOBS) -m "not e2e and not clients" $(a)

test-frontend:
	$(STACK) npm -- exec -- tsc -p . --noEmit
	$(STACK) npm -- test

test-browser:
	$(STACK) exec --full -- $(BIN)/python -m pytest -m e2e $(a)

test-clients: test-environment console  ## real Claude Code, Codex and OpenClaw, installed with npm
	@$(BIN)/python -m tests.clients.install
	@exec $(STACK) exec --full -- $(BIN)/python -m pytest -m clients -p no:randomly tests/clients

record-clients: test-environment  ## record again what these clients send (tests/proxy/recorded)
	@$(BIN)/python -m tests.clients.install
	@$(BIN)/python -m tests.clients.record

screenshots: test-environment console  ## a picture of every page, to look through (var/screenshots); a="--look dark"
	@METACLAW_CHROMIUM=$$($(STACK) browser) && export METACLAW_CHROMIUM && \
		exec $(STACK) exec --full -- $(BIN)/python -m tests.e2e.screenshots $(filter-out tests,$(a))

fix: test-environment  ## format and correct what tools can correct
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(STACK) npm -- run fix

bench: test-environment  ## measure the gateway against its aims; a="--minutes 30" adds options
	@bench="$(STACK) exec --full -- $(BIN)/python -m bench $(filter-out tests,$(a))"; \
		$$bench; speed=$$?; $$bench --faults && exit $$speed

bench-canary: test-environment  ## how often a canary decides wrongly, simulated
	@exec $(STACK) exec -- $(BIN)/python -m bench.canary $(with)

bench-retrieval: test-environment  ## compare the ways of finding skills on the labelled set
	@exec $(BIN)/python -m bench.retrieval

bench-search: test-environment  ## time searches over 200,000 turns; a="--docs" writes the table
	@exec $(STACK) exec -- $(BIN)/python -m bench.search $(filter-out tests,$(a))

bench-console: test-environment console  ## time the console in a real browser; a="--docs" writes the table
	@METACLAW_CHROMIUM=$$($(STACK) browser) && export METACLAW_CHROMIUM && \
		exec $(STACK) exec --full -- $(BIN)/python -m bench.console $(filter-out tests,$(a))

# What follows --, for a real model: make bench-learning with="--upstream URL --model NAME"
bench-learning: test-environment console  ## house rules that no request names: are they learned?
	@METACLAW_EVOLVE_WAIT_SECONDS=0.2 METACLAW_PRACTICE_DELAY_MS=0 \
		exec $(STACK) exec --full -- $(BIN)/python -m bench.learning $(with)

# Rows by name: make bench-training with="--only losses --only kills"
bench-training: test-environment trainer-environment  ## does the slow loop learn and survive?
	@exec $(STACK) exec -- $(BIN)/python -m bench.training $(with)

# --- made from other files

schema: test-environment  ## write the OpenAPI description and the console's types again
	@$(STACK) exec -- $(BIN)/python manage.py spectacular --validate --file schema.yml
	@exec $(STACK) npm -- run api

requirements:  ## compile requirements/*.in again (needs uv on PATH)
	@cd requirements && for name in base otel export test node trainer; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --no-annotate "$$name.in" -o "$$name.txt" || exit 1; \
	done; \
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps \
		--no-emit-index-url --no-header --no-annotate embedder.in -o embedder.txt; \
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate trainer-cpu.in -o trainer-cpu.txt

# --- steps of the above

environment:
	@$(BOOTSTRAP) base

trainer-environment:
	@$(BOOTSTRAP) trainer

test-environment:
	@$(BOOTSTRAP) test

console:
	@$(STACK) build-console
