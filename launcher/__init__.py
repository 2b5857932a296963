"""Starts, stops and checks the whole system on one machine: see `make demo`, `make test`.

Two stages. The first runs on any Python with the standard library alone: it finds a
new enough interpreter, makes `.venv` and installs into it (`interpreter`, `install`).
The second runs inside `.venv` and never imports Django: it starts PostgreSQL, Valkey,
web, worker and beat as child processes and ends every one of them again.
"""
