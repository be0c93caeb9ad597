# Works with git, make and Python 3.11 (with its venv module) alone; packages come from wherever
# pip is configured to find them. `make help` lists the targets.

PYTHON ?= $(shell for name in python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
VENV ?= .venv
AGAINST ?= source

BIN := $(VENV)/bin
PIP := -m pip install --quiet --quiet --no-deps --no-input
# Tests run here against the checkout; `make check AGAINST=wheel` runs them against the built wheel.
WHEEL_VENV := build/wheel-venv
LOCK_VENV := build/lock-venv
BENCH_VENV := build/bench-venv

# A stamp is named by what it was made from, so a second `make venv` finds it and does nothing.
sum = $(shell { pwd; cat $(1); } | cksum | cut -d ' ' -f 1)
LOCKED := $(VENV)/.locked-$(call sum,requirements-dev.lock)
INSTALLED := $(VENV)/.installed-$(call sum,pyproject.toml)
BENCH_INSTALLED := $(BENCH_VENV)/.installed-$(call sum,requirements-bench.lock pyproject.toml)

# What tests the engine on a store, and can do so on any.
ON_A_STORE := $(addprefix tests/,changes core fulfilment idempotency publishing shortage stock tenants)
# The same, left to `make postgres`: what takes minutes there.
ON_A_SERVER := $(addprefix tests/,auditlog operations effects persons/test_faults.py crashes/test_clocks.py)

export ORDINANCE_ROOT := $(CURDIR)
unexport PYTHONPATH

say = @sed -n 's/^$@:.*\#\# /$@: /p' Makefile
clear_venv = @test -z "$$(ls -A $(1) 2>/dev/null)" || test -f $(1)/pyvenv.cfg || \
	{ echo "make: $(1) exists and is no virtual environment; name another with VENV=..." >&2; exit 1; }

.PHONY: help venv demo test postgres check lint bench replay mutants simulate soak wheel wheel-venv quick-source quick-wheel lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

venv: $(INSTALLED) ## make the virtual environment from the lock, unless it is up to date

$(LOCKED):
	@echo "venv: installing requirements-dev.lock into $(VENV)"
	@test -n "$(PYTHON)" || \
		{ echo "make: no Python 3.11 or newer as python3.11 or python3; name one with PYTHON=..." >&2; exit 1; }
	$(call clear_venv,$(VENV))
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python $(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

$(INSTALLED): $(LOCKED)
	@echo "venv: installing the project itself, editable"
	@rm -f $(VENV)/.installed-*
	@$(BIN)/python $(PIP) --no-build-isolation --editable .
	@touch $@

demo: venv ## run a shop's past orders through its rules, into demo/shop.db
	$(say)
	@mkdir -p demo
	@$(BIN)/ordinance run examples/retail --rules examples/retail/rules --db demo/shop.db

test: venv ## run the whole suite, in three processes; what runs on a store, on PostgreSQL once more
	$(say)
	@$(BIN)/python -m pytest -q -n 3 --dist worksteal
	@echo "test: once more on PostgreSQL, without the slow ones (make postgres runs those too)"
	@ORDINANCE_STORE=postgresql $(BIN)/python -m pytest -q -n 3 --dist worksteal -m "not slow" $(ON_A_STORE)

postgres: venv ## everything that runs on a store, on PostgreSQL; RACES trials of each race
	$(say)
	@ORDINANCE_STORE=postgresql ORDINANCE_RACES=$(or $(RACES),40) \
		$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ON_A_STORE) $(ON_A_SERVER) tests/races

check: lint quick-$(AGAINST) ## lint, then the quick tests; AGAINST=wheel tests the built wheel, with more of them

lint: venv ## formatting, lint and types
	$(say)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy

quick-source: venv
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not slow and not longer"

# The tests are copied away from the checkout, so that only the installed wheel can be imported.
quick-wheel: wheel-venv
	@away=$$(mktemp -d) && trap 'rm -rf "$$away"' EXIT && \
		cp -R tests pyproject.toml "$$away" && cd "$$away" && \
		ORDINANCE_AGAINST=wheel "$(CURDIR)/$(WHEEL_VENV)/bin/python" -m pytest -q -n 2 -m "not slow"

bench: $(BENCH_INSTALLED) ## measure deciding against other engines; BENCH="--quick" and the like
	$(say)
	@$(BENCH_VENV)/bin/python -m benchmarks $(BENCH)

# Apart from the usual environment: the other engines are needed for nothing but this.
$(BENCH_INSTALLED):
	@echo "bench: installing requirements-bench.lock into $(BENCH_VENV)"
	@"$(PYTHON)" -m venv --clear $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python $(PIP) --require-hashes -r requirements-bench.lock
	@$(BENCH_VENV)/bin/python $(PIP) --no-build-isolation --editable .
	@touch $@

replay: venv ## make 5,000 recorded decisions again under other seeds, zones and locales
	$(say)
	@$(BIN)/python -m tests.replays

mutants: venv ## plant mistakes M1 to M16 and demand that each is found with five seeds; MUTANTS="M7 M13"
	$(say)
	@$(BIN)/python -m tests.mutants $(MUTANTS)

simulate: venv ## a shop and its world by seed, with faults and crashes; SEEDS of them, from FIRST
	$(say)
	@$(BIN)/python -m tests.simulation $(or $(SEEDS),2000) $(or $(FIRST),0)

soak: venv ## the long forms; SECONDS of traffic, SPLITS, RACES, EVENTS for workers, RESTARTS of a server, KILLS
	$(say)
	@$(BIN)/python -m tests.publishing.traffic $(or $(SECONDS),60)
	@ORDINANCE_SPLITS=$(or $(SPLITS),2000) $(BIN)/python -m pytest -q -n 2 tests/splitting
	@ORDINANCE_RACES=$(or $(RACES),1000) $(BIN)/python -m pytest -q -n 0 tests/races/test_oversell.py
	@ORDINANCE_EVERY=1 ORDINANCE_LISTS=10000 $(BIN)/python -m pytest -q -n 2 tests/core/test_recorded_shops.py \
		tests/rules/interchange/test_business_rules_differential.py
	@ORDINANCE_SOAK=1 $(BIN)/python -m pytest -q -n 2 \
		tests/rules tests/publishing tests/sourcing tests/fulfilment/test_tracks.py tests/core/test_random_commands.py
	@ORDINANCE_EVENTS=$(or $(EVENTS),20000) $(BIN)/python -m pytest -q -n 0 tests/workers/test_outbox.py
	@$(BIN)/python -m tests.simulation $(or $(SEEDS),2000) 100000
	@ORDINANCE_EXAMPLES=$(or $(EXAMPLES),1000) ORDINANCE_STEPS=100 $(BIN)/python -m pytest -q -n 2 tests/statemachine
	@ORDINANCE_RESTARTS=$(or $(RESTARTS),50) $(BIN)/python -m pytest -q -n 0 tests/restarts
	@ORDINANCE_KILLS=$(or $(KILLS),5000) ORDINANCE_CLEAN_RUNS=$(or $(CLEAN_RUNS),10000) \
		ORDINANCE_CRASHES=$(or $(CRASHES),5) ORDINANCE_CLOCKS=$(or $(CLOCKS),5000) \
		$(BIN)/python -m pytest -q -n 0 tests/crashes
	@ORDINANCE_ATTACKS=200 ORDINANCE_CLEAN_RUNS=$(or $(CLEAN_RUNS),10000) \
		$(BIN)/python -m pytest -q -n 2 tests/auditlog
	@ORDINANCE_PERSONS=1000 $(BIN)/python -m pytest -q -n 2 tests/persons/test_traces.py
	@ORDINANCE_BACKUPS=$(or $(BACKUPS),50) ORDINANCE_KILLS=0 ORDINANCE_CUTS=1 ORDINANCE_FLIPS=2000 $(BIN)/python -m pytest -q -n 2 \
		tests/backups tests/migrations tests/storage/test_torn_log.py

wheel: venv ## build the wheel into dist/
	$(say)
	@rm -f dist/ordinance-*.whl
	@$(BIN)/python -m hatchling build --target wheel --directory dist

# The wheel must be complete with its runtime requirements alone; the test tools come after.
wheel-venv: wheel
	@echo "check: installing the wheel into a clean environment"
	@"$(PYTHON)" -m venv --clear $(WHEEL_VENV)
	@$(WHEEL_VENV)/bin/python $(PIP) --require-hashes -r requirements.lock
	@$(WHEEL_VENV)/bin/python $(PIP) dist/ordinance-*.whl
	@$(WHEEL_VENV)/bin/python -m pip check
	@$(WHEEL_VENV)/bin/python $(PIP) --require-hashes -r requirements-dev.lock

# The resolver takes the index that pip is configured with, and writes none into the lock.
lock: ## resolve pyproject.toml again into the hashed locks; UPGRADE=1 takes newer releases
	$(say)
	@"$(PYTHON)" -m venv --clear $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python $(PIP) --require-hashes -r requirements-lock.lock
	@index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(LOCK_VENV)/bin/python -m pip config get global.index-url 2>/dev/null)}}"; \
	if test -n "$$index"; then export UV_DEFAULT_INDEX="$$index"; fi; \
	compile() { env -u VIRTUAL_ENV $(LOCK_VENV)/bin/uv pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) "$$@"; }; \
	echo uv | compile - --output-file requirements-lock.lock && \
	compile pyproject.toml --extra dev --output-file requirements-dev.lock && \
	compile pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock && \
	compile --group bench --output-file requirements-bench.lock

clean: ## remove what was built and cached, but not the virtual environment
	$(say)
	@rm -rf build dist demo .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path "./.venv/*" -prune -exec rm -rf {} +
