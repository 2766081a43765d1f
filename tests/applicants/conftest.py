"""The network's edge."""

from collections.abc import Iterator
from typing import Any

import pytest

from applicants.gateways import current_gateway
from tests.gateways import Recorder


@pytest.fixture
def gateway(settings: Any) -> Iterator[Recorder]:
    settings.MESSAGE_GATEWAY = "tests.gateways.Recorder"
    recorder = current_gateway()
    assert isinstance(recorder, Recorder)
    recorder.forget()
    yield recorder
    recorder.forget()
