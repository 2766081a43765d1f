"""Where am I: the steps of a booking."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

WHAT, WHO, WHERE, WHEN, CHECK = range(1, 6)


def show(
    request: HttpRequest, template: str, step: int, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the booking with its progress line."""
    names = [
        _("What you need"),
        _("Who is coming"),
        _("Which office"),
        _("When"),
        _("Check and confirm"),
    ]
    return render(request, template, {"steps": names, "step": step, **context}, status=status)
