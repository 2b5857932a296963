# Needs Python 3.11+ (with venv) and make; everything else is installed into .venv.
# PORT=8001 make demo · make test ARGS="-k scope" · make PYTHON=/path/python3.12 demo
PYTHON ?= python3

.PHONY: demo up down test check bench fix

demo: ## everything in the foreground at http://127.0.0.1:$PORT, until Ctrl-C
	@exec "$(PYTHON)" -m launcher demo

up: ## database and broker in the background, with the demo data
	@exec "$(PYTHON)" -m launcher up

down: ## stop what `make up` started
	@exec "$(PYTHON)" -m launcher down

test: ## all tests, on servers of their own
	@exec "$(PYTHON)" -m launcher test

check: ## format, lint, types, layers, migrations, deployment settings
	@exec "$(PYTHON)" -m launcher check

bench: ## measurements against the baselines
	@exec "$(PYTHON)" -m launcher bench

fix: ## let ruff mend format and lint
	@exec "$(PYTHON)" -m launcher fix
