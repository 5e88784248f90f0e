# Aduan. `make` alone explains itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
UV := .venv/bin/uv
# It tells nobody that it runs, asks nobody for rules, and knows its version by the lock.
SEMGREP := SEMGREP_SEND_METRICS=off SEMGREP_ENABLE_VERSION_CHECK=0 .venv-semgrep/bin/semgrep

.PHONY: help
help: ## Show this help
	@echo "Aduan carries a citizen's complaint to a district police office, and tells the citizen every step."
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'
	@echo
	@echo "  Everything binds to 127.0.0.1. Ports: the first 200 that are free from 18000, or from ADUAN_PORT_BASE."

# --- set-up ---------------------------------------------------------------------------------------------------------

.venv/.ready: requirements/uv.txt requirements/dev.txt requirements/servers.txt requirements/node.txt
	@bash deploy/local/setup.sh python
	@touch $@

.venv-semgrep/.ready: requirements/semgrep.txt .venv/.ready
	@bash deploy/local/setup.sh semgrep
	@touch $@

node_modules/.ready: package.json package-lock.json .venv/.ready
	@bash deploy/local/setup.sh assets
	@touch $@

.PHONY: setup
setup: .venv/.ready node_modules/.ready ## Install what the project needs (the other targets do it by themselves)

.venv-identity/.ready: requirements/identity.txt .venv/.ready
	@bash deploy/local/setup.sh identity
	@touch $@

.PHONY: identity
identity: .venv-identity/.ready

.PHONY: servers
servers: setup
	@bash deploy/local/setup.sh servers

.PHONY: chromium
chromium: setup
	@bash deploy/local/setup.sh browser

# What `make demo` left running is what the operator's commands look at; otherwise what `make up` started.
status parked replay rebuild agency password audit audit-trail audit-heads rotate keys erase-again retention: export ADUAN_RUN_FOLDER := $(if $(wildcard .run/demo/state.json),.run/demo,.run)

# --- running --------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: servers identity ## Start everything, play real stories and show how each one ends
	@ADUAN_RUN_FOLDER=.run/demo ADUAN_QUIET_FROM=00:00 ADUAN_QUIET_UNTIL=00:00 ADUAN_DIGEST_SECONDS=0 $(PY) -m deploy.demo

.PHONY: up
up: servers $(if $(ADUAN_OIDC_ISSUER),,identity) ## Start everything in the background (SCALE="verification=3 intake=2" runs more of a service)
	@$(PY) -m deploy.local up $(addprefix --scale=,$(SCALE))

.PHONY: down
down: ## Stop everything that `make up` started
	@if [ ! -x $(PY) ]; then echo "Nothing was set up here, so nothing runs."; \
	else for folder in .run .run/demo; do ADUAN_RUN_FOLDER=$$folder $(PY) -m deploy.local down || exit 1; done; fi

.PHONY: status
status: setup ## Show what runs and where
	@$(PY) -m deploy.local status

.PHONY: topology
topology: .venv/.ready ## Print every exchange, queue and binding, and what each user may do
	@$(PY) -m shared.topology print && $(PY) -m deploy.broker print

.PHONY: parked
parked: .venv/.ready ## List the messages that services gave up on (SERVICE=name for one service)
	@$(PY) -m deploy.local run --as replay $(PY) -m shared.parked list $(SERVICE)

.PHONY: replay
replay: .venv/.ready ## Give parked messages back to their queues (SERVICE=name for one service)
	@$(PY) -m deploy.local run --as replay $(PY) -m shared.parked replay $(SERVICE)

.PHONY: rebuild
rebuild: .venv/.ready ## Make evaluation's records anew from the audit stream
	@$(PY) -m deploy.local inside --as rebuild $(PY) -m services.evaluation.rebuild

.PHONY: audit
audit: .venv/.ready ## Recompute every audit chain (AGAINST=file or folder of exported heads compares with them)
	@$(PY) -m deploy.local run --as operator $(PY) -m deploy.audit verify $(addprefix --against ,$(AGAINST))

.PHONY: audit-trail
audit-trail: .venv/.ready ## Print what was done with a complaint and who read it (COMPLAINT=id, JSON=1)
	@$(PY) -m deploy.local run --as operator $(PY) -m deploy.audit trail "$(COMPLAINT)" $(if $(JSON),--json)

.PHONY: audit-heads
audit-heads: .venv/.ready ## Export the heads of all chains now (FOLDER=where)
	@$(PY) -m deploy.local run --as operator $(PY) -m deploy.audit heads $(addprefix --folder ,$(FOLDER))

.PHONY: rotate
rotate: .venv/.ready ## Seal anew whatever rests under an older key (after a new one was added, see docs/operations.md)
	@$(PY) -m deploy.local run --as operator $(PY) -m shared.rotation rotate

.PHONY: keys
keys: .venv/.ready ## Say of each sealing key whether anything still needs it
	@$(PY) -m deploy.local run --as operator $(PY) -m shared.rotation check

.PHONY: erase-again
erase-again: .venv/.ready ## Tell every service again what was erased: after a database was restored (FILE=list to read it from)
	@$(PY) -m deploy.local run --as operator $(PY) -m shared.erased again $(FILE)

.PHONY: retention
retention: .venv/.ready ## List the complaints whose time of retention is over (EXECUTE=yes erases them)
	@$(PY) -m deploy.local run --as operator $(PY) -m services.intake.retire $(if $(filter yes,$(EXECUTE)),--execute)

.PHONY: agency
agency: .venv/.ready ## Register a partner agency (NAME=slug FOR="Damkar;BPBD" …, see docs/operations.md) and print its credentials
	@$(PY) -m deploy.local inside --as registrar $(PY) -m deploy.agency add --name "$(NAME)" --partners "$(FOR)" \
	  $(if $(TITLE),--title "$(TITLE)") $(if $(CATEGORIES),--categories "$(CATEGORIES)") \
	  $(if $(VILLAGES),--villages "$(VILLAGES)") $(if $(HOURS),--hours "$(HOURS)") $(if $(ZONE),--zone "$(ZONE)") \
	  $(if $(ORDER),--order "$(ORDER)") $(if $(WEBHOOK),--webhook "$(WEBHOOK)")

.PHONY: password
password: .venv/.ready ## Give a service or tool other passwords on broker and database (NAME=intake), from the next start on
	@$(PY) -m deploy.local renew "$(NAME)"

# --- proof ----------------------------------------------------------------------------------------------------------

.PHONY: test
test: servers identity chromium ## Run all tests on a real RabbitMQ and a real MongoDB
	@$(PY) -m pytest -n auto --dist loadfile $(TESTS)

.PHONY: browser
browser: servers identity chromium ## Try every page in a real browser, over the running system
	@$(PY) -m pytest tests/browser

.PHONY: test-pymongo
test-pymongo: servers ## Run the shell's tests on MongoDB's own asyncio driver
	@MONGO_DRIVER=pymongo $(PY) -m pytest tests/shared

.PHONY: faults
faults: servers ## Kill everything at random under load, then look for what is lost or doubled (SECONDS=60 SEED=…)
	@$(PY) -m tests.faults.storm --seconds $(or $(SECONDS),60) $(addprefix --seed ,$(SEED))

.PHONY: test-faults
test-faults: servers ## Kill, freeze, block and restart whole systems, a test for each fault (takes minutes)
	@$(PY) -m pytest tests/storms

.PHONY: check
check: setup .venv-semgrep/.ready ## Lint, types, import rules, what the house forbids, contracts
	@$(PY) -m ruff format --check . && $(PY) -m ruff check .
	@$(PY) -m bandit -q -c pyproject.toml -r services shared deploy examples
	@$(SEMGREP) scan --test --quiet --config deploy/semgrep deploy/semgrep
	@$(SEMGREP) scan --error --quiet --strict --config deploy/semgrep --exclude deploy/semgrep services shared deploy examples
	@$(PY) -m mypy services shared deploy tests benchmarks
	@.venv/bin/lint-imports
	@$(PY) -m pytest tests/contracts

.PHONY: bench
bench: servers ## Measure ratios within one run (JSON=file writes them)
	@$(PY) -m benchmarks $(if $(JSON),--json $(JSON))

# --- upkeep ---------------------------------------------------------------------------------------------------------

.PHONY: format
format: .venv/.ready ## Put the code into shape
	@$(PY) -m ruff check --fix . && $(PY) -m ruff format .

.PHONY: lock
lock: .venv/.ready ## Lock the dependencies anew (with hashes, without addresses)
	@for name in uv node base simulators dev servers identity semgrep; do \
	  $(UV) pip compile -q --upgrade --python-version 3.11 --generate-hashes --no-header \
	    $$( [ $$name = servers ] && echo --no-deps ) $$( [ $$name = dev ] && echo -c requirements/base.txt ) \
	    requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	@npm install --package-lock-only

.PHONY: roles
roles: .venv/.ready ## Write who may do what to docs/roles.md
	@$(PY) -m shared.policy

.PHONY: words
words: .venv/.ready ## Bring the English catalogues of all pages up to date with their Indonesian texts
	@$(PY) -m shared.catalogues

.PHONY: contracts
contracts: .venv/.ready ## Write the JSON Schema of every event to docs/events
	@$(PY) -m shared.contracts.catalogue export docs/events
