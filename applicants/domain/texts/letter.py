"""A message as an e-mail: what has to do with nobody's name stands in the subject."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from applicants.domain.texts import paragraphs
from applicants.enums import MessageKind
from applicants.models import Message
from applicants.script import traditional


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(message: Message) -> Letter:
    """In the language of the message. Raises as `render` does when the context lacks a fact."""
    if message.language != "zh-hant":
        return _letter(message, message.language)
    simplified = _letter(message, "zh-hans")
    return Letter(*map(traditional, (simplified.subject, simplified.text, simplified.html)))


def _letter(message: Message, language: str) -> Letter:
    with translation.override(language):
        signature, *sentences = paragraphs(message)
        between = "" if language.startswith("zh") else " "
        subject = f"{signature}{between}{MessageKind(message.kind).label}"
        below = [_("Nobody reads answers to this address."), *_another_way(message)]
        page = {
            "subject": subject,
            "sentences": sentences,
            "below": below,
            "language": message.language,
        }
        html = render_to_string("applicants/messages/email.html", page)
    return Letter(subject, "\n\n".join([*sentences, "-- \n" + "\n".join(below)]) + "\n", html)


def _another_way(message: Message) -> list[str]:
    """For those who have an account."""
    if message.kind == MessageKind.SIGN_IN_CODE or message.context.get("without_account"):
        return []
    return [_("To be told another way, sign in and open “My account”, “Messages”.")]
