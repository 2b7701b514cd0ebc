# The few commands a contributor needs. Each recipe is one script: read it there.
.DEFAULT_GOAL := help
.PHONY: help demo test dev css fmt bench screenshots deps

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start Ostiary and a small relying party: http://localhost:8080 and :8081
	cargo run --locked --bin ostiary -- demo

test: ## Check everything: format, lints, Rust tests on both databases, browser suite
	@scripts/test.sh

dev: ## Start Ostiary for development and rebuild the stylesheet when a page changes
	@scripts/dev.sh

css: ## Rebuild public/app.css from style/main.css
	@scripts/deps.sh css
	@style/build.sh

fmt: ## Format the Rust code
	cargo fmt --all

bench: ## Measure the release build on SQLite and PostgreSQL against the goals
	@scripts/bench.sh

screenshots: ## Take a picture of every page, light and dark, 360 and 1280 px wide
	@scripts/screenshots.sh

deps: ## Install what the other commands need (Debian packages when allowed, npm packages)
	@scripts/deps.sh all
