"""What Yihao refuses to start with."""

import base64
import importlib

import pytest
from django.core.management.base import SystemCheckError

from config import wsgi
from config.apps import check_demo, check_keys
from config.servers import prepare

KEY = base64.b64encode(bytes(32)).decode()


def ids(messages):
    return [message.id for message in messages]


@pytest.mark.parametrize("key", ["", "none", KEY[:-4], KEY * 2, "\u5bc6" * 44])
def test_a_key_is_32_bytes_in_base64(settings, key):
    settings.FIELD_KEY, settings.HASH_KEY = KEY, key
    assert ids(check_keys()) == ["yihao.E002"]
    settings.FIELD_KEY, settings.HASH_KEY = key, KEY
    assert ids(check_keys()) == ["yihao.E001"]
    settings.FIELD_KEY = KEY
    assert check_keys() == []


@pytest.fixture
def sending_demonstration(settings):
    settings.DEMO, settings.DEBUG = True, False
    settings.MESSAGE_GATEWAY = "tests.gateways.Real"


def test_a_demonstration_sends_no_messages(sending_demonstration, settings):
    assert ids(check_demo()) == ["yihao.E003"]
    settings.DEMO = False
    assert check_demo() == []


def test_the_web_server_does_not_start_against_the_checks(sending_demonstration):
    with pytest.raises(SystemCheckError, match="E003"):
        importlib.reload(wsgi)


def test_nothing_is_prepared_against_the_checks(sending_demonstration, monkeypatch):
    monkeypatch.setattr(prepare.django, "setup", lambda: None)
    with pytest.raises(SystemCheckError, match="E003"):
        prepare.main()
