"""Personal data between two pages: encrypted in the session, never in a URL (rule 10)."""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest

from applicants.crypto import decrypt, encrypt


def seal(request: HttpRequest, name: str, values: dict[str, Any]) -> None:
    """Keep JSON values in the session, unreadable in its table."""
    data = encrypt(json.dumps(values), f"session.{name}")
    request.session[name] = base64.b64encode(data).decode()


def unseal(request: HttpRequest, name: str) -> dict[str, Any]:
    """What was kept; empty when there is nothing, or its key has changed."""
    sealed = request.session.get(name)
    if not sealed:
        return {}
    try:
        values: dict[str, Any] = json.loads(decrypt(base64.b64decode(sealed), f"session.{name}"))
    except InvalidTag:
        return {}
    return values


def discard(request: HttpRequest, name: str) -> None:
    request.session.pop(name, None)
