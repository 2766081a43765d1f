"""E-mail by the mail server of the settings."""

import smtplib
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from applicants.gateways import GatewayRefused, SendResult, Words
from applicants.models import Message

_REFUSED_FOR_GOOD = range(500, 600)


class EmailGateway:
    at_once = 16

    def send(self, message: Message, words: Words) -> SendResult:
        mail = _mail(message, words)
        connection = get_connection()
        try:
            _open(connection)
            _hand_over(connection, mail)
        finally:
            # Whether the server says goodbye has no bearing on what it took.
            with suppress(OSError):
                connection.close()
        return SendResult(mail.extra_headers["Message-ID"].strip("<>"))


def _open(connection: BaseEmailBackend) -> None:
    """Nothing was sent as long as nobody has let us in."""
    try:
        connection.open()
    except OSError as error:
        raise GatewayRefused(_code(error)) from None


def _hand_over(connection: BaseEmailBackend, mail: EmailMultiAlternatives) -> None:
    """What goes wrong without an answer may have gone wrong after the mail had arrived."""
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        (code, _words), *_others = error.recipients.values()
        raise _refusal(code) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code) from None
    except (ValueError, smtplib.SMTPNotSupportedError):
        raise GatewayRefused("address", final=True) from None


def _refusal(code: int) -> GatewayRefused:
    return GatewayRefused(f"smtp_{code}", final=code in _REFUSED_FOR_GOOD)


def _code(error: OSError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp_{error.smtp_code}"
    return type(error).__name__


def _mail(message: Message, words: Words) -> EmailMultiAlternatives:
    said = words.letter()
    host = parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2]
    headers = {
        # The same for each attempt: a mailbox can tell that it is the same message.
        "Message-ID": f"<yihao.{message.pk}.{message.due_at:%Y%m%d}@{host}>",
        # Spares us the answers of those who are away.
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMultiAlternatives(
        said.subject, said.text, settings.EMAIL_FROM, [message.recipient], headers=headers
    )
    mail.attach_alternative(said.html, "text/html")
    return mail
