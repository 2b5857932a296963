"""Which hash keeps a password: the product's is slow on purpose, the tests' is not."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.utils.module_loading import import_string

from tests.cast import hashed
from tests.hashing import CheapArgon2


def test_the_product_hashes_with_argon2_at_the_librarys_own_cost() -> None:
    _, ours, *_ = settings.PASSWORD_HASHERS
    assert import_string(ours) is Argon2PasswordHasher


def test_the_suite_hashes_cheaply() -> None:
    assert isinstance(get_hasher(), CheapArgon2)
    assert f"m={CheapArgon2.memory_cost}," in hashed()
