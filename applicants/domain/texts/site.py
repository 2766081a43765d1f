"""What messages say that have to do with no office, and hence are signed by the site."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from applicants.enums import MessageKind
from applicants.models import Message


def signed() -> str:
    return _("[Yihao]")


def _sign_in_code(message: Message) -> list[str]:
    facts = {"code": message.secret, "minutes": message.context["minutes"]}
    text = _("Your sign-in code is %(code)s, valid for %(minutes)s minutes.")
    if message.context.get("purpose") == "contact":
        text = _("Your code for being told here is %(code)s, valid for %(minutes)s minutes.")
    return [
        text % facts,
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


def _account_deleted(_message: Message) -> list[str]:
    return [
        _("Your account and your list of people are deleted."),
        _("Appointments that you kept are managed with their number and code."),
        _("If it wasn't you, call %(hotline)s.") % {"hotline": settings.HOTLINE},
    ]


def _data_unused(message: Message) -> list[str]:
    """`account`: it is the account itself, and not somebody of its list; `days` until then."""
    if message.context["account"]:
        texts = [
            _("You haven't used your account for long. It is deleted in %(days)s days."),
            _("To keep it, sign in once."),
        ]
    else:
        texts = [
            _("Somebody in your list hasn't had an appointment for long."),
            _("They are deleted from it in %(days)s days. You can add them again at any time."),
        ]
    values = {"days": message.context["days"], "hotline": settings.HOTLINE}
    return [text % values for text in [*texts, _("Questions: %(hotline)s.")]]


SENTENCES: dict[str, Callable[[Message], list[str]]] = {
    MessageKind.SIGN_IN_CODE: _sign_in_code,
    MessageKind.RENEWAL_DUE: _renewal_due,
    MessageKind.ACCOUNT_DELETED: _account_deleted,
    MessageKind.DATA_UNUSED: _data_unused,
}
