"""What staff are told once their change is published."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext


def warn_of_conflicts(request: HttpRequest, windows: int) -> None:
    """So many windows keep what they promised, against what was planned."""
    if not windows:
        return
    text = ngettext(
        "%(count)s window with bookings could not follow: see the day.",
        "%(count)s windows with bookings could not follow: see the day.",
        windows,
    )
    messages.warning(request, text % {"count": windows})
