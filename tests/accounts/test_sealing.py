"""Sealed values: opened on purpose only, by the right key, as the right kind."""

import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import sealing
from accounts.models import User
from accounts.sealing import Sealed, SealedField, blind_index

PHONE, ID_NUMBER = "13812345678", "430582198003071234"
OLD, NEW, STRANGE = (f"{kid}:{b64encode(kid.encode() * 32).decode()}" for kid in "abc")


@pytest.fixture(autouse=True)
def fresh_keys() -> Iterator[None]:
    """Let each test read the keys of its own settings."""
    sealing._keys.cache_clear()
    yield
    sealing._keys.cache_clear()


def use(settings: Any, *keys: str) -> None:
    """Go on with other keys; the first one seals."""
    settings.FIELD_KEYS = list(keys)
    sealing._keys.cache_clear()


@given(st.text(max_size=60))
@hypothesis_settings(deadline=None)
def test_what_is_sealed_is_revealed(plain: str) -> None:
    sealed = Sealed.of(plain, "phone")
    assert sealed.reveal() == plain
    assert plain == "" or plain not in sealed.token or len(plain) < 5


def test_a_sealed_value_shows_itself_masked() -> None:
    phone, id_number = Sealed.of(PHONE, "phone"), Sealed.of(ID_NUMBER, "id_number")
    account = Sealed.of("6217003140001234567", "bank_account")
    assert [str(phone), f"{id_number}", "%s" % account] == [  # noqa: UP031 - each way
        "138****5678",
        "430582********1234",
        "***************4567",
    ]


def test_a_sealed_value_does_not_slip_out() -> None:
    sealed = Sealed.of(PHONE, "phone")
    ways_out = (repr(sealed), str([sealed]), str(vars), sealed.token, str(sealed))
    assert not any(PHONE in way for way in ways_out)
    assert PHONE.encode() not in pickle.dumps(sealed)
    assert PHONE.encode() not in b64decode(sealed.token.rpartition(":")[2])


def test_the_same_value_is_sealed_differently_each_time() -> None:
    tokens = {Sealed.of(PHONE, "phone").token for _ in range(50)}
    assert len(tokens) == 50


def test_equality_is_that_of_the_token() -> None:
    sealed = Sealed.of(PHONE, "phone")
    assert sealed == Sealed(sealed.token, "phone")
    assert len({sealed, Sealed(sealed.token, "phone")}) == 1
    assert sealed != Sealed.of(PHONE, "phone")
    assert sealed != PHONE


def test_a_value_of_another_kind_is_refused() -> None:
    """Else a bank account could be copied into a column that more people may read."""
    moved = Sealed(Sealed.of(PHONE, "phone").token, "id_number")
    with pytest.raises(ValueError, match="damaged"):
        moved.reveal()


def tampered() -> Iterator[str]:
    """Yield the token of a phone with one thing changed in each part of it."""
    version, kid, body = Sealed.of(PHONE, "phone").token.split(":")
    raw = b64decode(body)
    for place in (0, 11, 12, len(raw) - 1):  # nonce, content, tag
        changed = bytearray(raw)
        changed[place] ^= 1
        yield f"{version}:{kid}:{b64encode(bytes(changed)).decode()}"
    yield f"{version}:{kid}:{b64encode(raw[:-1]).decode()}"
    yield f"{version}:{kid}:{b64encode(raw + b'x').decode()}"
    yield f"{version}:{kid}:{b64encode(raw[:5]).decode()}"
    yield f"{version}:{kid}:"
    yield f"{version}:{kid}:不是编码"
    yield f"{version}:nobody:{body}"
    yield f"v9:{kid}:{body}"
    yield f"{kid}:{body}"
    yield PHONE
    yield ""


def test_a_tampered_value_is_never_opened() -> None:
    for token in tampered():
        with pytest.raises(ValueError):  # noqa: PT011 - each in its own words
            Sealed(token, "phone").reveal()


# --- keys -----------------------------------------------------------------------------


def test_after_a_change_of_keys_old_values_open_and_new_ones_use_the_new_key(
    settings: Any,
) -> None:
    use(settings, OLD)
    before = Sealed.of(PHONE, "phone")
    use(settings, NEW, OLD)
    after = Sealed.of(PHONE, "phone")
    assert [sealed.token.split(":")[1] for sealed in (before, after)] == ["a", "b"]
    assert [before.reveal(), after.reveal()] == [PHONE, PHONE]


def test_without_its_key_a_value_stays_shut_and_says_which_key(settings: Any) -> None:
    use(settings, OLD)
    sealed = Sealed.of(PHONE, "phone")
    use(settings, NEW)
    with pytest.raises(ValueError, match="no key 'a'"):
        sealed.reveal()


def test_another_key_under_the_same_name_does_not_open(settings: Any) -> None:
    use(settings, OLD)
    sealed = Sealed.of(PHONE, "phone")
    use(settings, "a:" + STRANGE.partition(":")[2])
    with pytest.raises(ValueError, match="damaged"):
        sealed.reveal()


def test_without_any_key_nothing_is_sealed(settings: Any) -> None:
    use(settings)
    with pytest.raises(ImproperlyConfigured, match="缺少 FIELD_KEYS"):
        Sealed.of(PHONE, "phone")


@pytest.mark.parametrize(
    "key", ["k1", "k1:short", "k1:" + b64encode(b"x" * 9).decode()]
)
def test_an_unsound_key_is_named_in_plain_words(settings: Any, key: str) -> None:
    use(settings, key)
    with pytest.raises(
        ImproperlyConfigured, match=r"FIELD_KEYS 里的密钥不对（第 1 个）.*32 字节"
    ):
        Sealed.of(PHONE, "phone")


# --- the blind index ------------------------------------------------------------------


def test_equal_values_have_equal_indexes_and_others_do_not() -> None:
    assert blind_index(PHONE) == blind_index(PHONE)
    assert len({blind_index(str(number)) for number in range(500)}) == 500
    assert PHONE not in blind_index(PHONE)
    assert len(blind_index(PHONE)) == 64


def test_the_index_depends_on_its_key_and_not_on_the_field_keys(settings: Any) -> None:
    before = blind_index(PHONE)
    use(settings, NEW, OLD)
    assert blind_index(PHONE) == before
    settings.INDEX_KEY = b64encode(b"z" * 32).decode()
    assert blind_index(PHONE) != before


# --- the column -----------------------------------------------------------------------


def test_a_column_takes_and_gives_sealed_values(db: None) -> None:
    person = User.objects.create(
        username="wang", name="王五", phone=Sealed.of(PHONE, "phone")
    )
    stored = User.objects.get(pk=person.pk)
    assert isinstance(stored.phone, Sealed)
    assert (str(stored.phone), stored.phone.reveal()) == ("138****5678", PHONE)
    assert User.objects.filter(phone=stored.phone).exists()


def test_a_column_holds_no_plain_text(db: None) -> None:
    person = User.objects.create(
        username="wang", name="王五", phone=Sealed.of(PHONE, "phone")
    )
    raw = User.objects.extra(select={"raw": "phone"}).get(pk=person.pk).raw  # type: ignore[attr-defined]
    assert raw.startswith("v1:")
    assert PHONE not in raw


def test_plain_text_is_refused_by_every_way_of_writing(db: None) -> None:
    person = User.objects.create(username="wang", name="王五")
    person.phone = PHONE
    ways = (
        person.save,
        lambda: User.objects.create(username="li", name="李四", phone=PHONE),
        lambda: User.objects.bulk_create([User(username="li", name="李", phone=PHONE)]),
        lambda: User.objects.filter(pk=person.pk).update(phone=PHONE),
        lambda: User.objects.filter(phone=PHONE).exists(),
    )
    for way in ways:
        refused = pytest.raises(
            TypeError, match="phone takes a Sealed value, not plain"
        )
        with refused, transaction.atomic():
            way()
    assert User.objects.get(pk=person.pk).phone is None


def test_a_value_of_another_kind_is_not_stored(db: None) -> None:
    """It could never be opened again."""
    with pytest.raises(TypeError, match="phone takes a value sealed as 'phone'"):
        User.objects.create(
            username="li", name="李四", phone=Sealed.of(ID_NUMBER, "id_number")
        )


def test_nothing_is_nothing(db: None) -> None:
    person = User.objects.create(username="wang", name="王五", phone=None)
    assert User.objects.get(pk=person.pk).phone is None


def test_the_field_describes_itself_for_migrations() -> None:
    field = SealedField("手机号", kind="phone", null=True)
    name, path, args, kwargs = field.deconstruct()
    assert path == "accounts.sealing.SealedField"
    assert SealedField(*args, **kwargs).kind == "phone"
    assert (name, kwargs["null"]) == (None, True)
