"""Personal data at rest: AES-256-GCM, and HMAC-SHA256 for look-ups (rule 10).

The keys come from the settings, never from the database. Another provider (SM4 and SM3 of
GM/T, say) replaces these functions.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_VERSION = b"\x01"
_NONCE_BYTES = 12


@cache
def _cipher() -> AESGCM:
    return AESGCM(base64.b64decode(settings.FIELD_KEY))


@cache
def _hash_key() -> bytes:
    return base64.b64decode(settings.HASH_KEY)


def encrypt(text: str, purpose: str) -> bytes:
    """Version byte, nonce, ciphertext and tag. `purpose` binds the value to its column."""
    return encrypt_bytes(text.encode(), purpose)


def encrypt_bytes(data: bytes, purpose: str) -> bytes:
    """As `encrypt`, for what isn't text. `purpose` binds it to its place."""
    nonce = os.urandom(_NONCE_BYTES)
    return KEY_VERSION + nonce + _cipher().encrypt(nonce, data, purpose.encode())


def decrypt(data: bytes, purpose: str) -> str:
    """The text again. Raises cryptography.exceptions.InvalidTag for a changed or moved value."""
    return decrypt_bytes(data, purpose).decode()


def decrypt_bytes(data: bytes, purpose: str) -> bytes:
    """Raises cryptography.exceptions.InvalidTag for a changed or moved value."""
    nonce, ciphertext = data[1 : 1 + _NONCE_BYTES], data[1 + _NONCE_BYTES :]
    return _cipher().decrypt(nonce, ciphertext, purpose.encode())


def keyed_hash(text: str, purpose: str) -> bytes:
    """32 bytes that are the same for the same text and useless without the key."""
    return hmac.new(_hash_key(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
