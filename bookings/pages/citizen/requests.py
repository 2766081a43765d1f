"""What a citizen asked an office to decide, and what has become of it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applicants.contact import show_phone
from applicants.domain.limits import within_limit
from applicants.models import Account, Applicant
from applicants.pages.access import citizen_of, citizen_required, client_address
from bookings.domain.errors import BookingError
from bookings.domain.households import contact_of
from bookings.domain.parties import Actor
from bookings.domain.requests import AnyRequest, Asking
from bookings.forms.cards import Card, Choices
from bookings.models import HomeVisit, RequestEvent, UrgentRequest
from bookings.pages.citizen.facts import Row
from bookings.pages.citizen.history import Entry
from bookings.pages.citizen.party import household_of
from bookings.wording import say_moment
from offices.domain import catalogue
from offices.models import Office, Service

DAY_SECONDS = 24 * 3600
PER_ACCOUNT = 10
# A hall's own network, or a village behind one address.
PER_ADDRESS = 50
Made = TypeVar("Made", UrgentRequest, HomeVisit)


@require_safe
@citizen_required
def my_requests(request: HttpRequest) -> HttpResponse:
    account = citizen_of(request)
    context = {
        "urgent": _own(UrgentRequest, account),
        "visits": _own(HomeVisit, account),
    }
    return render(request, "bookings/requests.html", context)


def _own(kind: type[AnyRequest], account: Account) -> Iterable[AnyRequest]:
    return kind.objects.filter(account=account).select_related("office").order_by("-made_at")


def history_of(request: AnyRequest) -> list[Entry]:
    """The newest first; who of the office did it isn't for the applicant to read."""
    zone = request.office.zone
    return [
        Entry(say_moment(event.at, zone), _said(event)) for event in request.events.order_by("-pk")
    ]


def _said(event: RequestEvent) -> str:
    what = str(event.get_kind_display())
    if not event.answer:
        return what
    return _("%(what)s: %(answer)s") % {"what": what, "answer": event.answer}


def person_cards(account: Account) -> Choices:
    return [(str(person.pk), _person_card(person)) for person in household_of(account)]


def _person_card(person: Applicant) -> Card:
    document = f"{person.get_id_type_display()} {person.masked_number}"
    return Card(person.name, hints=(document,))


def service_cards(office: Office) -> Choices:
    """What the office handles today."""
    offered = catalogue.offered(office.pk, office.local_date(timezone.now()))
    services = catalogue.public_services(timezone.localdate()).values()
    return [(each.code, Card(each.label)) for each in services if each.code in offered]


def service_labels(codes: Iterable[str], known: Mapping[str, Service] | None = None) -> list[str]:
    """Whoever labels many requests asks for what is `known` once."""
    known = catalogue.services() if known is None else known
    return [known[code].label if code in known else code for code in codes]


def asking_of(account: Account, office: Office, person_pk: str, services: list[str]) -> Asking:
    """For somebody of the household, in the language of this page."""
    person = next(each for each in household_of(account) if str(each.pk) == person_pk)
    contact = replace(contact_of(account), language=get_language() or settings.LANGUAGE_CODE)
    return Asking(office, person.name, person.identity, tuple(services), contact)


def person_rows(request: AnyRequest) -> list[Row]:
    """Whom it concerns, what they want, where the answer goes."""
    document = f"{request.get_id_type_display()} {request.masked_number}"
    reached = show_phone(request.contact_phone) or request.contact_email
    return [
        {"label": _("Office"), "value": request.office.label},
        {"label": _("Person"), "lines": [request.name, document]},
        {"label": _("Services"), "lines": service_labels(request.services)},
        {"label": _("Messages go to"), "value": reached or _("None")},
    ]


def sent(
    request: HttpRequest,
    form: Form,
    office: Office,
    now: dt.datetime,
    ask: Callable[[Asking, Actor], Made],
) -> Made | None:
    """What `ask` made of a valid form; None, with the reason on the form, where it can't be."""
    account, data = citizen_of(request), form.cleaned_data
    if not may_ask(request, now):
        form.add_error(None, too_many())
        return None
    asking = asking_of(account, office, data["person"], data["services"])
    try:
        made = ask(asking, Actor(account=account))
    except BookingError as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("Your request is on its way to the office."))
    return made


def withdrawal(
    request: HttpRequest,
    own: AnyRequest,
    page: str,
    withdraw: Callable[[int, Actor, dt.datetime], object],
    *,
    is_open: bool,
) -> HttpResponse:
    """Asks before it is withdrawn, and leads back to the `page` of the request."""
    if request.method == "POST":
        try:
            withdraw(own.pk, Actor(account=citizen_of(request)), timezone.now())
        except BookingError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Your request is withdrawn."))
        return redirect(page, own.number)
    if not is_open:
        return redirect(page, own.number)
    return render(request, "bookings/request_withdraw.html", {"asked": own, "back": page})


def offices_by_city() -> list[tuple[str, list[Office]]]:
    cities: dict[str, list[Office]] = {}
    for office_id in catalogue.active_offices().values():
        office = catalogue.office(office_id)
        cities.setdefault(office.city_label, []).append(office)
    return list(cities.items())


def may_ask(request: HttpRequest, now: dt.datetime) -> bool:
    """Counts one more request of this account and of this address."""
    account, address = str(citizen_of(request).pk), client_address(request)
    by_account = within_limit("request", account, PER_ACCOUNT, DAY_SECONDS, now)
    return within_limit("request-at", address, PER_ADDRESS, DAY_SECONDS, now) and by_account


def too_many() -> str:
    return _("Too many requests today. Please call the office, or go there.")
