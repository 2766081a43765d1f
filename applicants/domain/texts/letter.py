"""A message as an e-mail: nothing of it is for the eyes of whoever sees the list of mails."""

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applicants.domain.texts import paragraphs
from applicants.enums import MessageKind
from applicants.gateways import Letter
from applicants.models import Message
from applicants.script import traditional

# Mail programs drop style sheets.
_PAGE = """<!doctype html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
</head>
<body style="margin: 0; padding: 24px; color: #1a1a1a; background: #fff; font: 17px/1.6 sans-serif">
<h1 style="margin: 0 0 16px; font-size: 20px">{}</h1>
{}
<hr style="margin: 24px 0 12px; border: 0; border-top: 1px solid #767676">
{}
</body>
</html>
"""


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
    text = "\n\n".join([*sentences, "\n".join(["-- ", *below])]) + "\n"
    html = format_html(_PAGE, message.language, subject, subject, _lines(sentences), _lines(below))
    return Letter(subject, text, html)


def _lines(sentences: list[str]) -> SafeString:
    return format_html_join(
        "\n", '<p style="margin: 0 0 12px">{}</p>', ((sentence,) for sentence in sentences)
    )


def _another_way(message: Message) -> list[str]:
    """For those who have an account."""
    if message.kind == MessageKind.SIGN_IN_CODE or message.context.get("without_account"):
        return []
    return [_("To be told another way, sign in and open “My account”, “Messages”.")]
