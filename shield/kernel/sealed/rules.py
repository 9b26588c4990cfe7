"""The key ring: named purposes, each with a current key and older ones that still verify."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PURPOSES = ("history", "tokens")
_URLSAFE = bytes.maketrans(b"+/", b"-_")


class KeysMissing(Exception):
    """The key file is absent, unreadable or lacks a purpose."""


class Unreadable(Exception):
    """A sealed text that does not open here: another key, another place, or changed since."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by purpose; the last key of a purpose is the current one."""

    keys: dict[str, dict[str, bytes]]

    def current(self, purpose: str) -> tuple[str, bytes]:
        """Return (key id, key) in use for `purpose`; KeysMissing if there is none."""
        try:
            return list(self.keys[purpose].items())[-1]
        except (KeyError, IndexError):
            raise KeysMissing(f"The key file holds no key for “{purpose}”.") from None

    def named(self, purpose: str, key_id: str) -> bytes:
        """Return an older or current key by its id; KeysMissing if it is not there."""
        try:
            return self.keys[purpose][key_id]
        except KeyError:
            raise KeysMissing(f"The key file holds no key “{key_id}” for “{purpose}”.") from None


def load(path: Path) -> KeyRing:
    """Read the key file; KeysMissing if it cannot be read."""
    try:
        raw = json.loads(path.read_text())
        return KeyRing({p: {i: bytes.fromhex(k) for i, k in ring.items()} for p, ring in raw.items()})
    except FileNotFoundError as problem:
        raise KeysMissing(
            f"The key file {path} is missing. Put it back, or name it by SHIELD_KEYS."
        ) from problem
    except OSError as problem:
        raise KeysMissing(f"The key file {path} cannot be read: {problem.strerror}.") from problem
    except (ValueError, AttributeError, TypeError, RecursionError) as problem:
        # What is in the file may be a key, so nothing of it is told.
        raise KeysMissing(f"The key file {path} cannot be read: it does not hold keys.") from problem


def create(path: Path) -> None:
    """Write a new key file, readable by its owner only; an existing file is never overwritten.

    Each key has an id of its own, so that the keys of another installation are told apart. The file appears
    whole or not at all.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = {purpose: {f"k{secrets.token_hex(4)}": secrets.token_hex(32)} for purpose in PURPOSES}
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(ring, file)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # unlike a renaming, this never replaces what is there
    finally:
        aside.unlink()


@lru_cache(maxsize=4)
def ring(path: Path) -> KeyRing:
    """The key ring at `path`, read once in a process."""
    return load(path)


def seal(ring: KeyRing, text: str, belongs_to: str) -> str:
    """Seal a text by AES-256-GCM for one place: a code declared on its field, and what names the row.

    The key is made from that for tokens, so that one leaked for either purpose opens nothing of the other.
    """
    return sealing(ring)(text, belongs_to)


def sealing(ring: KeyRing) -> Callable[[str, str], str]:
    """Sealing as `seal` does, for whoever seals very many: the key in use is looked up once."""
    key_id, key = ring.current("tokens")
    encrypt = _cipher(key).encrypt

    def close(text: str, belongs_to: str) -> str:
        nonce = os.urandom(12)
        packed = binascii.b2a_base64(
            nonce + encrypt(nonce, text.encode(), belongs_to.encode()), newline=False
        )
        return f"{key_id}.{packed.translate(_URLSAFE).decode()}"

    return close


def unseal(ring: KeyRing, closed: str, belongs_to: str) -> str:
    """The text, if it was sealed for this place with a key of this ring; Unreadable otherwise."""
    key_id, _, packed = closed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(packed.encode())
        key = ring.named("tokens", key_id)
        return _cipher(key).decrypt(raw[:12], raw[12:], belongs_to.encode()).decode()
    except (KeysMissing, InvalidTag, ValueError) as problem:
        raise Unreadable("This was sealed for another place or with another key.") from problem


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """Made once for a key: a table of many rows is sealed by one."""
    return AESGCM(_field_key(key))


def _field_key(key: bytes) -> bytes:
    return hmac.new(key, b"shield sealed field", hashlib.sha256).digest()


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA-256 as hexadecimal text."""
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def same(one: str, other: object) -> bool:
    """Compare a MAC with a stored one, whatever stands there, without telling by the time taken where they differ."""
    if not isinstance(other, str):
        return False
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))
