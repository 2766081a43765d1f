"""A gateway that delivers to a file: how people of the rush read the codes sent to them.

The worker is told of it by MESSAGE_GATEWAY, and of the file by BENCH_MAILBOX. The product stays
as it is: codes are hashed in its database, and only their messages know them.
"""

import json
import os

from applicants.enums import MessageKind
from applicants.gateways import SendResult, Words
from applicants.models import Message


class MailboxGateway:
    at_once = 16

    def __init__(self) -> None:
        self.file = os.open(
            os.environ["BENCH_MAILBOX"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
        )

    def send(self, message: Message, words: Words) -> SendResult:  # noqa: ARG002
        """Only codes are of interest; one write a line, so that lines stay whole."""
        if message.kind == MessageKind.SIGN_IN_CODE:
            line = json.dumps({"to": message.recipient, "code": message.secret})
            os.write(self.file, f"{line}\n".encode())
        return SendResult("mailbox")
