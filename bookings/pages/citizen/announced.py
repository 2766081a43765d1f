"""Which messages we send, when, how and in which language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from applicants.enums import MessageKind as Kind

# Kinds of messages, what they are called here, and when they come.
ABOUT_A_BOOKING = [
    ({Kind.CONFIRMED}, _("Booking confirmed"), _("At once, with number, time and place.")),
    (
        {Kind.RESCHEDULED, Kind.CANCELLED, Kind.PARTY_REDUCED},
        _("Moved, cancelled, or somebody left the party"),
        _("At once, whoever did it."),
    ),
    (
        {Kind.REMINDER_DAY},
        _("Reminder the day before"),
        _("In the evening, with what to bring."),
    ),
    (
        {Kind.REMINDER_HOURS},
        _("Reminder shortly before"),
        _("Usually two hours before, with what to bring."),
    ),
    ({Kind.NO_SHOW}, _("You did not come"), _("On the same day, with what you can do now.")),
    (
        {Kind.OFFICE_NOTICE},
        _("Notice from the office"),
        _("When something about your appointment changes."),
    ),
]
ABOUT_THE_REST = [
    (
        {Kind.WAITING_OFFER, Kind.EARLIER_PLACE},
        _("A place from the waiting list, or an earlier time"),
        _("At most once a day."),
    ),
    (
        {Kind.WAITING_ENDED},
        _("Off the waiting list"),
        _("When offers went unanswered, or your days are over."),
    ),
    (
        {Kind.URGENT_NEWS, Kind.HOME_VISIT_NEWS},
        _("Urgent requests and home visits"),
        _("At every step until the answer."),
    ),
    (
        {Kind.SUSPENDED, Kind.APPEAL_DECIDED},
        _("Suspension and appeal"),
        _("When online booking pauses, and when an appeal is decided."),
    ),
    (
        {Kind.RENEWAL_DUE},
        _("Renewal possible from now on"),
        _("Once, if you told us until when a document is valid."),
    ),
    (
        {Kind.DATA_UNUSED, Kind.ACCOUNT_DELETED},
        _("Your data"),
        _("Before unused data are deleted, and when an account is."),
    ),
    ({Kind.SIGN_IN_CODE}, _("Sign-in code"), _("Only when you ask for one.")),
]


@require_safe
def announced(request: HttpRequest) -> HttpResponse:
    context = {"about_a_booking": ABOUT_A_BOOKING, "about_the_rest": ABOUT_THE_REST}
    return render(request, "bookings/announced.html", context)
