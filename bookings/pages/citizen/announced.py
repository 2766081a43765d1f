"""Which messages we send, when, how and in which language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

ABOUT_A_BOOKING = [
    (_("Booking confirmed"), _("At once, with number, time and place.")),
    (_("Moved, cancelled, or somebody left the party"), _("At once, whoever did it.")),
    (_("Reminder the day before"), _("In the evening, with what to bring.")),
    (_("Reminder shortly before"), _("Usually two hours before, with what to bring.")),
    (_("You did not come"), _("On the same day, with what you can do now.")),
    (_("Notice from the office"), _("When something about your appointment changes.")),
]
ABOUT_THE_REST = [
    (_("A place from the waiting list, or an earlier time"), _("At most once a day.")),
    (_("Urgent requests and home visits"), _("At every step until the answer.")),
    (_("Suspension and appeal"), _("When online booking pauses, and when an appeal is decided.")),
    (_("Sign-in code"), _("Only when you ask for one.")),
]


@require_safe
def announced(request: HttpRequest) -> HttpResponse:
    context = {"about_a_booking": ABOUT_A_BOOKING, "about_the_rest": ABOUT_THE_REST}
    return render(request, "bookings/announced.html", context)
