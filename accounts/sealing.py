"""Sealed values: ID numbers and phones, encrypted in the column and masked on the page.

AES-256-GCM with the key's id in the value, so that keys can be rotated, and a keyed
hash (HMAC-SHA256) beside it for equality (PIPL art. 51; GB/T 22239 数据保密性).
"""

import hmac
import os
from base64 import b64decode, b64encode
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from accounts.masking import MASKS

VERSION = "v1"
NONCE_BYTES = 12
KEY_BYTES = 32


@cache
def _keys() -> dict[str, AESGCM]:
    """Return the ciphers by key id; the first one seals."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("缺少 FIELD_KEYS：没有密钥不能保存身份证号和电话。")
    return dict(
        _cipher(item, place) for place, item in enumerate(settings.FIELD_KEYS, 1)
    )


def _cipher(item: str, place: int) -> tuple[str, AESGCM]:
    kid, _, encoded = item.partition(":")
    try:
        key = b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if not kid or len(key) != KEY_BYTES:  # the message must not show the key itself
        raise ImproperlyConfigured(
            f"设置 FIELD_KEYS 里的密钥不对（第 {place} 个）：每个写成“名称:密钥”，"
            f"密钥是 {KEY_BYTES} 字节随机数的 base64，几个之间用逗号隔开。"
        )
    return kid, AESGCM(key)


def blind_index(plain: str) -> str:
    """Return the keyed hash by which equal values are found."""
    key = _index_key(settings.INDEX_KEY)
    return hmac.digest(key, plain.encode(), "sha256").hex()


@cache
def _index_key(encoded: str) -> bytes:
    """Return the key; decoding it took a third of the time of a roll's numbers."""
    return b64decode(encoded)


class Sealed:
    """A sensitive text. It prints masked; only `reveal()` opens it.

    `kind` names the mask (`phone`, `id_number`, `bank_account`) and is bound into
    the ciphertext, so that a value cannot be moved to a column of another kind.
    """

    __slots__ = ("kind", "token")

    def __init__(self, token: str, kind: str) -> None:
        self.token = token
        self.kind = kind

    @classmethod
    def of(cls, plain: str, kind: str) -> "Sealed":
        """Seal `plain` with the current key."""
        kid, cipher = next(iter(_keys().items()))
        nonce = os.urandom(NONCE_BYTES)
        body = nonce + cipher.encrypt(nonce, plain.encode(), kind.encode())
        return cls(f"{VERSION}:{kid}:{b64encode(body).decode()}", kind)

    def reveal(self) -> str:
        """Return the plain text; raise ValueError if key or content do not fit."""
        version, kid, body = self.token.split(":", 2)
        cipher = _keys().get(kid)
        if version != VERSION or cipher is None:
            raise ValueError(f"no key {kid!r} for this sealed value")
        raw = b64decode(body)
        try:
            plain = cipher.decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], self.kind.encode()
            )
        except InvalidTag as damaged:
            raise ValueError("sealed value is damaged") from damaged
        return plain.decode()

    def __str__(self) -> str:
        return MASKS[self.kind](self.reveal())

    def __repr__(self) -> str:
        return f"<Sealed {self.kind}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A column of sealed values. It takes and gives `Sealed`, never plain text."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return the parts of the field for a migration."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def from_db_value(self, value: str | None, *_: Any) -> Sealed | None:
        """Wrap what the column holds; nothing is decrypted yet."""
        return Sealed(value, self.kind) if value else None

    def get_prep_value(self, value: Any) -> str | None:
        """Return what the column stores; refuse plain text."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} takes a Sealed value, not plain text")
        if value.kind != self.kind:  # it could never be opened again
            raise TypeError(f"{self.name} takes a value sealed as {self.kind!r}")
        return value.token

    def to_python(self, value: Any) -> Any:
        """Leave sealed values as they are."""
        return value
