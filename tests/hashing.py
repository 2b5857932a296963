"""Argon2 with the least work it allows, for the tests alone."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The product's algorithm, thousands of times a suite."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
