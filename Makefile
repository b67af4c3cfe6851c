# Every command sets up what it needs; none needs another one first. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8000

.PHONY: help demo test test-app test-everything check lint format generated lock upgrade bench coverage bundle clean

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: ## The demonstration county on http://127.0.0.1:8000 (make demo PORT=8080 for another port)
	@tools/bootstrap.sh runtime
	@XIANXUE_PORT='$(PORT)' exec .venv/bin/xianxue demo --serve

test: ## The whole suite, on SQLite and on PostgreSQL, and in a browser
	@tools/bootstrap.sh dev
	@tools/system_packages.sh
	@tools/test.sh

test-app: ## What is about one app, on SQLite: make test-app APP=aid
	@tools/bootstrap.sh dev
	@.venv/bin/pytest -q -n 2 --app '$(or $(APP),$(error Name an app: make test-app APP=aid))' -m "not browser" --ignore=tests/house

test-everything: ## The same, and all of it on PostgreSQL: what a release is tried with
	@tools/bootstrap.sh dev
	@tools/system_packages.sh
	@tools/test.sh everything

check: lint ## What CI runs: lint, types, contracts, house rules; then make test
	@tools/system_packages.sh
	@LINTED=yes tools/test.sh

lint: ## The checks of make check that are not tests
	@tools/bootstrap.sh dev
	@tools/lint.sh

format: ## Format Python, and mend what ruff can mend safely
	@tools/bootstrap.sh dev
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format .

generated: ## Write what is made from declarations: glossary, pages of the manual, definitions of indicators
	@tools/bootstrap.sh dev
	@tools/with_settings.sh .venv/bin/python -m tools.generated

lock: ## Write requirements/*.lock after a change of pyproject.toml
	@tools/bootstrap.sh tools
	@tools/lock.sh

upgrade: ## The same, with the newest versions that fit
	@tools/bootstrap.sh tools
	@tools/lock.sh --upgrade

bench: ## Repeatable measurements, with their peers (minutes; see bench/)
	@tools/bootstrap.sh bench
	@tools/bench.sh

coverage: ## Branch coverage of the suite on SQLite
	@tools/bootstrap.sh dev
	@tools/coverage.sh

bundle: ## The folder for a server without a network, in dist/ (docs/guide/operations.md)
	@tools/bootstrap.sh runtime
	@tools/bundle.sh

clean: ## Remove environments and caches; data in var/ stays
	@rm -rf .venv .tools .test-databases .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
