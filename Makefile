# Everything that is run by hand or by CI is one word here: `make help`.
PYTHON ?= python3
DATA ?= ../shared
VENV := .venv
BIN := $(VENV)/bin
AUDIT := .venv-audit
define check-python
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || \
	{ echo "Copydesk needs Python 3.11, and $(PYTHON) is another or none: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
endef

help: ## show these words
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.ready: requirements.lock pyproject.toml
	$(check-python)
	@echo "setting up the environment in $(VENV) (once; a minute or two)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.ready ## the environment, from the lock file

demo: setup ## the whole flow on this machine: Kafka, worker, sample feed, live view
	@$(BIN)/copydesk demo

test: setup ## all tests (real Kafka, real Prometheus where it is installed)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder  # two at a time: most wait for a broker; the long files come first

soak: setup ## a worker at full load for half an hour: is its memory flat? make soak MINUTES=5
	$(BIN)/python -m tests.soak $(or $(MINUTES),30)

fuzz: setup ## hostile input for every processor (an hour; INPUTS=200000; resumed from build/fuzz), then 2 MB of each hostile thing
	$(BIN)/python -m tests.fuzz --inputs $(or $(INPUTS),200000)
	$(BIN)/python -m tests.fuzz.large

chaos: setup ## the long run of faults, about an hour; resumed where it was broken off: make chaos ARGS="--help"
	$(BIN)/python -m tests.chaos $(ARGS)

lint: setup ## format, style, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

score: setup ## score the pipeline on the data in $(DATA): make score SUITE=claims
	@test -f $(DATA)/eval/score.py || { echo "there is no $(DATA)/eval/score.py: name the data folder with DATA=…"; exit 1; }
	$(BIN)/python $(DATA)/eval/score.py $(or $(SUITE),all) --command "$(abspath $(BIN))/copydesk process"

bench-dedupe: setup ## decisions a second, memory an article, seconds to restore at 10 k, 100 k, 1 M: make bench-dedupe DATA=…; baselines and shards: see tests/benchmarks
	$(BIN)/python -m tests.benchmarks.bench_dedupe --sizes 10000 100000 1000000 $(if $(wildcard $(DATA)/data/articles/news_12k.jsonl.gz),--data $(DATA)/data/articles/news_12k.jsonl.gz)

hard-dedupe: setup ## 48 weak spots of copy detection, made from seeds
	$(BIN)/python -m tests.quality.dedupe_hard_set

judged-events: setup ## what share of the judged events of open news is right, what is wrong with the others, how judges agree
	$(BIN)/python -m tests.quality.open_news

bench-recovery: setup ## how long 1,000,000 state records take to read back (real Kafka, 2 stages, about 10 minutes)
	$(BIN)/python -m tests.benchmarks.bench_recovery

bench-cleaning: setup ## how many articles a second one core cleans, and trafilatura: make bench-cleaning DATA=…
	$(BIN)/python -m tests.benchmarks.bench_cleaning --data $(DATA)/data

bench-rules: setup ## how fast entities, claims and events are found, beside spaCy: make bench-rules ARGS="--articles FILE"
	$(BIN)/python -m tests.benchmarks.bench_rules $(ARGS)

generate: setup ## write the dashboard, the JSON Schemas and the AsyncAPI document anew
	$(BIN)/python -m deploy.grafana.dashboard
	$(BIN)/python -m streams.contract

picture: setup ## make the README's picture from a real run of the demo
	$(BIN)/copydesk demo --picture docs/live-view.svg

$(AUDIT)/.ready: requirements-audit.lock
	$(check-python)
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-audit.lock
	@touch $@

audit: $(AUDIT)/.ready ## known vulnerabilities of the locked packages; error 3: the service is out of reach
	@$(AUDIT)/bin/python deploy/audit.py requirements.lock

sbom: setup $(AUDIT)/.ready ## what is installed, with versions and licences, as CycloneDX 1.6: build/sbom.json
	@mkdir -p build
	@$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --spec-version 1.6 --output-reproducible --validate \
		--output-file build/sbom.json $(BIN)/python
	@echo build/sbom.json

lock: ## resolve the lock files anew from pyproject.toml (needs uv)
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --extra dev --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --no-header --generate-hashes --python-version 3.11 --group audit --output-file requirements-audit.lock

.PHONY: help setup demo test soak fuzz chaos lint score bench-dedupe hard-dedupe judged-events bench-recovery bench-cleaning bench-rules generate \
	picture audit sbom lock
