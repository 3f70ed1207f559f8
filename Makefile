.DEFAULT_GOAL := help
.PHONY: help setup demo test check types lint rooms fix lock pictures tune clean

help: ## list every task
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 14

setup: ## install everything from the lock, and the commit hooks
	uv sync
	uv run pre-commit install

demo: ## serve a customer in every vertical
	uv run balie demo

test: ## run the whole suite
	uv run pytest

check: lint types rooms ## everything that is not a test

lint: ## style and mistakes
	uv run ruff check .
	uv run ruff format --check .

types: ## strict types of the packages
	uv run mypy

rooms: ## who may import whom
	uv run lint-imports

fix: ## mend what can be mended by itself
	uv run ruff check --fix .
	uv run ruff format .

lock: ## resolve anew and write requirements.lock
	uv lock
	sh .ci/lock > requirements.lock

pictures: ## draw the screens for the READMEs
	uv run pytest -n 0 packages/balie/tests/tui/test_pictures.py verticals/retail-kiosk/tests/test_screens.py --snapshot-update

tune: ## make the heads out of examples.toml
	uv run balie tune customer-service
	uv run balie tune retail-kiosk

clean: ## remove what can be made again
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
