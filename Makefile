# Traguardo: `make help` says what there is. The work is done by the scripts.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup run test lint fmt nightly bench fuzz docs

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## install what is missing for the tests
	@scripts/setup

run: ## build everything and start with the demo company
	@scripts/run

test: ## run everything that must hold (ONLY="lint test" runs those steps)
	@scripts/test $(ONLY)

lint: ## run format check, house rules and lints
	@scripts/test fmt tidy lint

fmt: ## format the code
	@cargo fmt --all

nightly: ## run the tests in the large, then fuzz
	@scripts/nightly

bench: ## run the benchmarks
	@scripts/bench

fuzz: ## fuzz every target for a minute (FUZZ_SECONDS)
	@scripts/fuzz

docs: ## render the documentation of the crates
	@scripts/docs
