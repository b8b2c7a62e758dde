.PHONY: help build check fmt test try

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Builds the program
	cargo build --release

fmt: ## Formats the code
	cargo fmt

test: ## Runs the tests
	cargo test --release

try: ## Runs the main job on made-up data
	scripts/try

check: ## Everything that CI checks
	.ci/run
