"""The default gateway: sends nothing. The demonstration's page shows what would have been sent."""

import structlog

from applicants.gateways import SendResult, Words
from applicants.models import Message

log = structlog.get_logger(__name__)


class ConsoleGateway:
    """Logs that a message left: which and how, never to whom or what it said (rule 10)."""

    at_once = 16

    def send(self, message: Message, words: Words) -> SendResult:  # noqa: ARG002
        log.info(
            "message_sent", kind=message.kind, reference=message.reference, medium=message.medium
        )
        return SendResult("console")
