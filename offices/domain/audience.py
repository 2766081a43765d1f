"""Whom a session is for, and how one gets in, in the words of a notice."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.enums import OfficeKind
from offices.models import Office, Session

ON_SITE = gettext_lazy("No booking needed: take a number on site")


def only_on_site(office: Office, day: dt.date) -> bool:
    """A pop-up site where nothing is booked from this day on."""
    coming = office.sessions.filter(date__gte=day, booking_free=False)
    return office.kind == OfficeKind.POP_UP and not coming.exists()


def terms_of(session: Session) -> tuple[str, ...]:
    """All that differs from an ordinary window; empty when it is for everybody, by booking."""
    return ((str(ON_SITE),) if session.booking_free else ()) + conditions_of(session)


def conditions_of(session: Session) -> tuple[str, ...]:
    """Who may come, and where to."""
    city, site = session.residents_of, session.site_label
    conditions = [
        _("For students and the adults who come with them") if session.students_only else "",
        say_ages(session),
        _("For residents of %(city)s") % {"city": city} if city else "",
        _("At %(site)s") % {"site": site} if site else "",
    ]
    return tuple(condition for condition in conditions if condition)


def say_ages(session: Session) -> str:
    """The ages that may book; nothing where any may."""
    if session.min_age is None and session.max_age is None:
        return ""
    if session.max_age is None:
        return _("For people aged %(min)s or over") % {"min": session.min_age}
    values = {"min": session.min_age or 0, "max": session.max_age}
    return _("For people aged %(min)s to %(max)s") % values
