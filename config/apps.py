"""Checks of the composition root."""

import base64
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.checks import CheckMessage, Error, register

KEY_BYTES = 32
# The tag of our own checks.
YIHAO = "yihao"


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # A task that a page delays must find the application with our settings. Not in
        # config/__init__.py: whatever starts servers only would load Celery, too.
        import_module("config.celery")
        register(check_keys, YIHAO)
        register(check_demo, YIHAO)


class TwoFactorAdminConfig(AdminConfig):
    default_site = "config.admin_site.TwoFactorAdminSite"


def check_keys(**_: object) -> list[CheckMessage]:
    """Personal data can't be stored without its keys (design rule 10)."""
    return [
        Error(f"{name} must be set to 32 random bytes in base64.", id=f"yihao.E00{number}")
        for number, name in enumerate(("FIELD_KEY", "HASH_KEY"), start=1)
        if not _is_key(getattr(settings, name))
    ]


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except ValueError:
        return False


def check_demo(**_: object) -> list[CheckMessage]:
    """A demonstration shows messages to anyone, so it never has a real gateway behind it."""
    real_gateway = not settings.MESSAGE_GATEWAY.endswith(".ConsoleGateway")
    if settings.DEMO and not settings.DEBUG and real_gateway:
        return [Error("DEMO=1 is refused while a real message gateway is set.", id="yihao.E003")]
    return []
