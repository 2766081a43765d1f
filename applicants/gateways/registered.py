"""For gateways that send nothing but registered texts."""

from collections.abc import Mapping

from applicants.domain.texts.templates import Filled, NotRegistered, filled
from applicants.gateways import GatewayRefused
from applicants.models import Message


def template_of(message: Message, registered: Mapping[str, Mapping[str, str]]) -> Filled:
    """Raises GatewayRefused where nothing can be sent: nobody has been asked yet."""
    try:
        return filled(message, registered)
    except NotRegistered:
        raise GatewayRefused("no_template", final=True) from None
    except (KeyError, TypeError, ValueError):
        raise GatewayRefused("fact_lacking", final=True) from None
