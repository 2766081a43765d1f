"""The keys and passwords of one checkout, made once."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from config.servers.errors import ServersError
from config.servers.state import State

KEY_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The key names are those of the environment; the passwords are for the servers alone."""

    DJANGO_SECRET_KEY: str
    FIELD_KEY: str
    HASH_KEY: str
    postgres_password: str
    valkey_password: str

    def environment(self) -> dict[str, str]:
        """Return what Django needs, by the names of its settings."""
        return {name: value for name, value in asdict(self).items() if name.isupper()}


def load_keys(state: State) -> Keys:
    """Return this checkout's keys; make them on first use.

    Raises ServersError when the keys are gone and a database is left that was written with them:
    new ones couldn't open it, nor read the personal data in it.
    """
    file = state.secrets_file
    if file.exists():
        return _read(state)
    if (state.servers / "postgres").exists():
        raise ServersError(
            f"{file} is gone, and the database in {state.servers} can't be read without it. "
            "Put the file back, or remove the whole state folder to start afresh."
        )
    write_private(file, json.dumps(asdict(_generate()), indent=2))
    return _read(state)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    # Created closed rather than closed afterwards.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _generate() -> Keys:
    return Keys(
        DJANGO_SECRET_KEY=secrets.token_urlsafe(50),
        FIELD_KEY=_random_base64(),
        HASH_KEY=_random_base64(),
        postgres_password=secrets.token_urlsafe(24),
        valkey_password=secrets.token_urlsafe(24),
    )


def _random_base64() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _read(state: State) -> Keys:
    try:
        return Keys(**json.loads(state.secrets_file.read_text()))
    except (ValueError, TypeError) as error:
        raise ServersError(f"{state.secrets_file} is damaged; put back a good copy.") from error
