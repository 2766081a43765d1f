"""What messages say that have to do with no office, and hence are signed by the site."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from applicants.enums import MessageKind
from applicants.models import Message


def signed() -> str:
    return _("[Yihao]")


def _sign_in_code(message: Message) -> list[str]:
    minutes = message.context["minutes"]
    return [
        _("Your sign-in code is %(code)s, valid for %(minutes)s minutes.")
        % {"code": message.secret, "minutes": minutes},
        _("Tell it to nobody: our staff never ask for it."),
    ]


def _renewal_due(message: Message) -> list[str]:
    text = _(
        "A passport or permit of somebody in your list expires in %(months)s months and may be "
        "renewed from now on."
    )
    return [
        text % {"months": message.context["months"]},
        _("Often that takes no visit: the site tells you."),
        _("Questions: %(hotline)s.") % {"hotline": settings.HOTLINE},
    ]


SENTENCES: dict[str, Callable[[Message], list[str]]] = {
    MessageKind.SIGN_IN_CODE: _sign_in_code,
    MessageKind.RENEWAL_DUE: _renewal_due,
}
