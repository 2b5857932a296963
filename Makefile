# Needs Python 3.11+ (with venv) and make; everything else is installed into .venv.
# PORT=8001 make demo · make test ARGS="-k scope" · make PYTHON=/path/python3.12 demo
PYTHON ?= python3

.PHONY: demo up down test check bench fix load chaos hostile restore-drill replica

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

restore-drill: ## dump, restore, compare; recover to a point in time
	@exec "$(PYTHON)" -m launcher restore-drill

load: ## a thousand people at once: make load PEOPLE=100 MINUTES=2
	@PEOPLE="$(PEOPLE)" MINUTES="$(MINUTES)" exec "$(PYTHON)" -m launcher load

chaos: ## every fault under load, each followed by a reconciliation
	@exec "$(PYTHON)" -m launcher chaos

hostile: ## a thousand hostile files, random bodies, ten thousand offline visits
	@exec "$(PYTHON)" -m launcher hostile

replica: ## reports from a streaming replica, with scope and read-your-writes
	@exec "$(PYTHON)" -m launcher replica

fix: ## let ruff mend format and lint
	@exec "$(PYTHON)" -m launcher fix
