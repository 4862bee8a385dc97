# Everything one does with this repository. Each target sets up what it lacks (scripts/need) and says what it does.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo run test check soundness race mutants bench shots web generate verify build

WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)

help: ## what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build ## build everything and play a working day of webhooks into a demo tenant
	bin/dealwright demo --data data/demo

run: build ## build everything and serve from ./data on 127.0.0.1:8080
	bin/dealwright serve --data data/server --listen 127.0.0.1:8080

test: ## everything that must pass, as in CI: web, linters, all tests on both databases, fuzzing, browser
	@scripts/test

check: web ## the quick part of test: formats, types, linters, import rules; a minute
	@scripts/check

soundness: ## a million drawn specs: whatever checks never fails by type or scope (CASES=n, SEED=n)
	DEALWRIGHT_DEEP=$(or $(CASES),1000000) DEALWRIGHT_SEED=$(or $(SEED),1000000) go test ./internal/spec -run '^TestSoundness$$' -v -timeout 0

mutants: ## builds broken on purpose, each of which a test must catch (part of test)
	go test ./internal/mutants -v -timeout 0

race: ## the packages where much goes on at once, under the race detector: a quarter of an hour (test has a minute or two of it)
	@scripts/need postgresql
	CGO_ENABLED=1 go test -race -timeout 0 ./internal/pipeline/commit ./internal/pipeline/queue ./internal/pipeline/ingest ./internal/storage/... ./internal/api

bench: build ## measure deliveries per second and the interpreter; prints the figures to reach beside them
	@scripts/need postgresql
	@scripts/bench

shots: build ## take the pictures of the guide, the README and of every page anew (SHOTS=home,trace: those alone)
	@scripts/shots

web: web/dist/index.html ## build the user interface into web/dist

web/dist/index.html: $(WEB_SOURCES)
	@scripts/need web
	@echo "== web: build"
	cd web && npm run --silent build
	@touch $@

build: web
	@echo "== go: build bin/dealwright"
	go build -trimpath -ldflags '-s -w' -o bin/dealwright ./cmd/dealwright

generate: ## write what is generated: web/openapi.json, the typed client, docs/reference
	@scripts/generate

verify: web ## fail when something generated is not what is committed
	@scripts/verify
