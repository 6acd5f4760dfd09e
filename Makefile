# `make` alone says what there is. Each target sets up by itself what it needs.
.DEFAULT_GOAL := help
.PHONY: help demo test check-challenges lint audit setup clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST))

demo: ## the whole story on real input: three broken apps, from upload to grade
	@scripts/setup
	@.venv/bin/mendbox demo

test: ## every check and test; ARGS="tests/setup -k image" chooses among pytest's
	@scripts/setup --tests
	@scripts/test $(ARGS)

check-challenges: ## has every challenge of the library prove itself: about a minute for each on two cores
	@scripts/setup
	@.venv/bin/mendbox challenge check --all

lint: ## ruff and mypy
	@scripts/setup
	@scripts/test --lint-only

audit: ## what is known against the locked dependencies; exit 4 where no advisory source can be reached
	@scripts/audit

setup: ## virtual environment, what the pages load, container engine, sandbox image
	@scripts/setup

clean: ## removes what was built here; an engine that set-up started stays (`scripts/engine stop`)
	@rm -rf .venv .mendbox/uv .mendbox/audit api/static/built build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
