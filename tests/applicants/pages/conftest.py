"""An identity platform to sign in with, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from applicants.pages import oidc
from tests import identity_provider
from tests.house import ROOT


class Platform:
    """What tests ask of it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def behave(self, fault: str = "", told: dict[str, Any] | None = None, **claims: Any) -> None:
        """From now on. `claims` are those of the ID token beside the protocol's own, and what is
        `told` has to be asked for."""
        asked = {"fault": fault, "claims": {"sub": "somebody", **claims}, "told": told}
        requests.post(f"{self.issuer}/behave", json=asked, timeout=5).raise_for_status()


@pytest.fixture(scope="session")
def _platform_process() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.identity_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


@pytest.fixture
def platform(_platform_process: str, settings: Any) -> Iterator[Platform]:
    settings.OIDC_ISSUER = _platform_process
    settings.OIDC_CLIENT_ID = identity_provider.CLIENT
    settings.OIDC_CLIENT_SECRET = identity_provider.SECRET
    platform = Platform(_platform_process)
    platform.behave()
    oidc.forget()
    yield platform
    oidc.forget()
