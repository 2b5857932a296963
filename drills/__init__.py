"""Drills: the whole product under load and misfortune, each with a section of proof.

`make load`, `make chaos`, `make hostile`, `make restore-drill`, `make replica`. They
run real servers and real processes of the product, and use the tests' own makers of
hostile files. Never part of an image.
"""
