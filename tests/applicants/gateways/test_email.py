"""E-mail against a real mail server."""

import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from applicants.gateways import GatewayRefused
from applicants.gateways.email import EmailGateway
from tests.applicants.gateways.messages import FACTS, make_words


class Mailbox:
    """What the server answers to a recipient and to a mail, and what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.recipient, self.mail = "250 OK", "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.mail == "":
            server.transport.abort()
        content = cast(bytes, envelope.content)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        self.taken.append(cast(EmailMessage, mail))
        self.to += envelope.rcpt_tos
        return self.mail


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_FROM = "出入境预约 <yuyue@example.cn>"
    server.start()
    yield box
    server.stop()


def words(**fields: Any) -> Any:
    return make_words(**{"medium": "email", "recipient": "lin@example.com", **fields})


def parts(mail: EmailMessage) -> tuple[str, str]:
    plain, page = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    return plain, page


def refusal(**fields: Any) -> GatewayRefused:
    with pytest.raises(GatewayRefused) as refused:
        EmailGateway().send(*words(**fields))
    return refused.value


def test_a_mail_has_a_subject_and_says_the_same_as_text_and_as_a_page(mailbox: Mailbox) -> None:
    result = EmailGateway().send(*words(language="en"))

    (mail,) = mailbox.taken
    assert mailbox.to == ["lin@example.com"]
    assert mail["Subject"] == "[Xiamen Exit-Entry] Booking confirmed"
    assert mail["From"] == "出入境预约 <yuyue@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{result.reference}>"
    assert result.reference == "yihao.4711.20260803@example.cn"
    plain, page = parts(mail)
    assert plain == (
        "You have booked: Tue 4 Aug, 10:00–10:30, Xiamen Exit-Entry Hall, "
        "booking number K7M2P9QX.\n\n"
        "You can take your number from 09:30 with your identity document.\n\n"
        "You can move or cancel it until Mon 3 Aug, midnight.\n\n"
        "Questions: 12367.\n\n"
        "-- \n"
        "Nobody reads answers to this address.\n"
        "To be told another way, sign in and open “My account”, “Messages”.\n"
    )
    assert '<html lang="en">' in page
    assert "<h1" in page
    for sentence in plain.split("\n\n")[:-1]:
        assert f">{sentence}</p>" in page


def test_a_mail_speaks_the_language_of_its_reader(mailbox: Mailbox) -> None:
    EmailGateway().send(*words(language="zh-hant"))
    (mail,) = mailbox.taken
    assert mail["Subject"] == "【廈門出入境】預約成功"
    plain, page = parts(mail)
    assert plain.startswith("您已預約8月4日（週二）10:00–10:30，廈門出入境辦證大廳")
    assert '<html lang="zh-hant">' in page


def test_what_staff_write_is_no_markup(mailbox: Mailbox) -> None:
    facts = {**FACTS, "notice": "<b>8号窗口</b>", "notice_en": ""}
    EmailGateway().send(*words(kind="office_notice", context=facts))
    _plain, page = parts(mailbox.taken[0])
    assert "&lt;b&gt;8号窗口&lt;/b&gt;" in page


def test_who_has_no_account_is_led_to_none(mailbox: Mailbox) -> None:
    EmailGateway().send(*words(language="en", context={**FACTS, "without_account": True}))
    plain, _page = parts(mailbox.taken[0])
    assert plain.endswith("-- \nNobody reads answers to this address.\n")


@pytest.mark.parametrize(
    ("answer", "final"),
    [("550 No such user", True), ("553 Bad name", True), ("451 Later", False), ("421 Busy", False)],
)
def test_a_refused_address(mailbox: Mailbox, answer: str, final: bool) -> None:
    mailbox.recipient = answer
    assert refusal() == GatewayRefused(f"smtp_{answer[:3]}", final)
    assert mailbox.taken == []


@pytest.mark.parametrize(
    ("answer", "final"), [("554 Looks like spam", True), ("452 Disk full", False)]
)
def test_a_refused_mail(mailbox: Mailbox, answer: str, final: bool) -> None:
    mailbox.mail = answer
    assert refusal() == GatewayRefused(f"smtp_{answer[:3]}", final)


@pytest.mark.usefixtures("mailbox")
def test_an_address_that_no_mail_can_carry() -> None:
    assert refusal(recipient="lin@example.com\nBcc: all@example.com") == GatewayRefused(
        "address", final=True
    )


def test_a_server_that_goes_away_in_the_middle_may_have_taken_it(mailbox: Mailbox) -> None:
    mailbox.mail = ""
    with pytest.raises(OSError):
        EmailGateway().send(*words())
    assert len(mailbox.taken) == 1


@pytest.mark.usefixtures("mailbox")
def test_where_nobody_listens_nothing_was_sent(settings: Any) -> None:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = port.getsockname()[1]
        assert refusal() == GatewayRefused("ConnectionRefusedError")


@pytest.mark.usefixtures("mailbox")
def test_a_server_that_does_not_say_hello_has_taken_nothing(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.2
        assert refusal() == GatewayRefused("SMTPServerDisconnected")
