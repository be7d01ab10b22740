# What a new user and the continuous integration run.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build compare benchmark clustering test lint imports test-debug test-release format clean

# Tests whose numbers must hold for optimised code too.
NUMERICAL := LinearAlgebraTests|NetworksTests|LearnersTests|MethodsTests|MetricsTests
OUT ?= results
PYTHON ?= python3

# The pairs of Benchmarks/clustering.md; the data folder is TRANSFERBENCH_DATA.
DIGITS := optdigits-semeion-pendigits
CLUSTERED := 'embedded,$(DIGITS):semeion->optdigits,$(DIGITS):pendigits->optdigits,usps-mnist-jda:*,wine-quality:*'

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install the system libraries that are missing
	@Scripts/setup.sh

build: setup ## build `bench` in release
	swift build -c release --product bench

compare: build ## compare all methods on the embedded pairs; writes $(OUT)/
	.build/release/bench compare --methods all --out $(OUT)

clustering: build ## what clustering gains from a source, on embedded and real pairs: Benchmarks/clustering.md
	.build/release/bench compare --methods family:clustering --repetitions 10 --pairs $(CLUSTERED) --out $(OUT)/clustering
	python3 Scripts/clustering_table.py $(OUT)/clustering/summary.csv Benchmarks/clustering.md

benchmark: build ## time methods beside the Python peers, and against the number of samples
	$(PYTHON) Benchmarks/side_by_side.py --out Benchmarks/side-by-side.csv
	swift build -c release --product NetworkTiming
	$(PYTHON) Benchmarks/networks.py --out Benchmarks/networks.csv
	$(PYTHON) Benchmarks/growth.py --out Benchmarks/growth.csv --figure Benchmarks/growth.svg

test: setup lint imports test-debug test-release ## run everything that must hold

lint:
	swift format lint --strict -r Sources Tests Package.swift

imports:
	swift build --explicit-target-dependency-import-check error

test-debug:
	swift test

test-release:
	swift test -c release -Xswiftc -enable-testing --filter '$(NUMERICAL)'

format: ## format the sources
	swift format -i -r Sources Tests Package.swift

clean: ## remove what was built
	rm -rf .build
