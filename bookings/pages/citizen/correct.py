"""Contact and delivery of a confirmed booking, and booking the same once more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants.contact import show_phone
from applicants.models import Account, Applicant
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.correcting import change_contact
from bookings.domain.deadlines import change_deadline
from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.forms.correct import ChangedContactForm
from bookings.models import Booking
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.change import too_late
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.mine import own_booking
from bookings.pages.citizen.progress import WHEN
from bookings.pages.citizen.refusals import cannot_change
from bookings.pages.citizen.steps import first_gap
from bookings.wording import say_deadline
from offices.domain import catalogue


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """For the account alone: who has only number and code could turn the parcel their way."""
    account = citizen_of(request)
    booking = own_booking(account, number)
    deadline = change_deadline(booking)
    if refused := too_late(request, booking, deadline):
        return refused
    form = ChangedContactForm(posted(request), initial=_as_booked(booking))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            change_contact(
                booking.pk,
                form.contact(values["language"]),
                values["delivery"],
                values["delivery_address"],
                Actor(account=account),
                timezone.now(),
            )
        except BookingError as error:
            return cannot_change(request, booking, error)
        messages.success(request, _("Saved. Reminders follow."))
        return redirect("booking", number)
    context = {
        "form": form,
        "booking": booking,
        "deadline": say_deadline(deadline, booking.slot.office.zone),
    }
    return render(request, "bookings/change_contact.html", context)


@require_POST
@citizen_required
def again(request: HttpRequest, number: str) -> HttpResponse:
    """The same people, services and office; only the time is asked. Who has left the household
    since, or a service that the office no longer handles, is left out."""
    account = citizen_of(request)
    draft = _same_again(account, own_booking(account, number))
    drafts.save(request, draft)
    return first_gap(request, draft, WHEN) or redirect("book-time")


def _same_again(account: Account, booking: Booking) -> Draft:
    office = booking.slot.office
    offered = catalogue.offered(office.pk, office.local_date(timezone.now()))
    household = {bytes(one.identity_hash): one for one in Applicant.objects.filter(account=account)}
    draft = Draft(office=office.code, office_given=True, purpose=booking.purpose)
    for one in booking.attendees.all():
        member = household.get(bytes(one.identity_hash))
        if member is None:
            continue
        codes = [each.service.code for each in one.applications.all()]
        draft.people.append(member.pk)
        draft.wanted[str(member.pk)] = [code for code in codes if code in offered]
        draft.accompanied = draft.accompanied or one.accompanied
    draft.services = list(dict.fromkeys(code for each in draft.wanted.values() for code in each))
    return draft


def _as_booked(booking: Booking) -> dict[str, str]:
    return {
        "phone": show_phone(booking.contact_phone),
        "email": booking.contact_email,
        "language": booking.language,
        "delivery": booking.delivery,
        "delivery_address": booking.delivery_address,
    }
