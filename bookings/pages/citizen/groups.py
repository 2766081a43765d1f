"""Booking for an enterprise, a school or a travel agency: a list of names, one window."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.domain.groups import GroupRefused, admitted_group, ask_admission, groups_of
from applicants.models import Group
from applicants.pages import sealed
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.consent import consent_required
from applicants.pages.posted import posted
from bookings.domain.eligibility import find_services
from bookings.domain.errors import BookingError, SlotFull
from bookings.domain.households import contact_of
from bookings.domain.name_list import COLUMNS, as_values, from_values, read_people
from bookings.domain.parties import Actor, Contact, Party, Person
from bookings.domain.promise import book, person_places
from bookings.domain.sheet import Problem, UnknownEncoding
from bookings.forms.citizen import WhenForm
from bookings.forms.group import AskForm, NamesForm
from bookings.pages.citizen.calendar import Want, asked_slot, calendar_for
from bookings.pages.citizen.party import channel_of, find_office
from bookings.pages.citizen.requests import may_ask, too_many
from bookings.pages.desk.spreadsheet import UnreadableFile, read_csv, read_file
from offices.domain import catalogue
from offices.domain.policy import policy_for
from offices.models import Office
from offices.wording import say_day

SEALED = "group"


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def groups(request: HttpRequest) -> HttpResponse:
    """The account's organisations, and the form by which another one asks."""
    form = AskForm(_offices(), posted(request))
    if request.method == "POST" and form.is_valid() and _ask(request, form):
        messages.success(request, _("The office looks at it and admits you to booking."))
        return redirect("groups")
    context = {"groups": groups_of(citizen_of(request)), "form": form}
    return render(request, "bookings/groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@consent_required
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom it brings, for what and where; the list is checked whole before anything is kept."""
    group = _group(request, pk)
    form = NamesForm(_services(), _offices(), posted(request), request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        people, problems = _read(form)
        if people:
            values = {"office": form.cleaned_data["office"], "people": as_values(people)}
            sealed.seal(request, SEALED, {"group": pk, **values})
            return redirect("group-time", pk)
    context = {"group": group, "form": form, "problems": problems, "columns": ", ".join(COLUMNS)}
    return render(request, "bookings/group_names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def time(request: HttpRequest, pk: int) -> HttpResponse:
    """Windows with room for all of them; choosing one books it at once."""
    group = _group(request, pk)
    kept = sealed.unseal(request, SEALED)
    office = find_office(kept.get("office", ""))
    if kept.get("group") != pk or office is None:
        return redirect("group-names", pk)
    people = from_values(kept["people"])
    want = _want(request, office, people)
    problem = ""
    if request.method == "POST" and (slot_id := asked_slot(request, want)):
        try:
            return _book(request, group, slot_id, people)
        except BookingError as refused:
            problem = _why(refused)
    calendar = calendar_for(
        want, request.GET.get("day", ""), timezone.now(), lambda _slot: request.path
    )
    form = WhenForm(
        posted(request) if not problem else None,
        cards=calendar.groups,
        label=say_day(calendar.day) if calendar.day else "",
    )
    context: dict[str, Any] = {
        "group": group,
        "people": people,
        "office": office,
        "calendar": calendar,
        "form": form,
        "problem": problem,
        "places": want.places,
    }
    return render(request, "bookings/group_time.html", context)


def _ask(request: HttpRequest, form: AskForm) -> bool:
    """False, with the reason on the form, where it can't ask."""
    now, values = timezone.now(), form.cleaned_data
    if not may_ask(request, now):
        form.add_error(None, too_many())
        return False
    asked = Group(
        name=values["name"],
        kind=values["kind"],
        credit_code=values["credit_code"],
        contact_name=values["contact_name"],
        contact_phone=values["contact_phone"],
        office_code=values["office"],
    )
    try:
        ask_admission(citizen_of(request), asked, now)
    except GroupRefused as refused:
        form.add_error("credit_code", str(refused))
        return False
    return True


def _group(request: HttpRequest, pk: int) -> Group:
    try:
        return admitted_group(citizen_of(request), pk)
    except Group.DoesNotExist:
        raise Http404 from None


def _read(form: NamesForm) -> tuple[list[Person], list[Problem]]:
    values = form.cleaned_data
    lines = {service.line_id for service in find_services(values["services"]).values()}
    if len(lines) > 1:
        text = _("These are handled at different counters. Hand in one list for each.")
        form.add_error("services", text)
        return [], []
    try:
        table = read_file(values["file"]) if values["file"] else read_csv(values["text"])
    except UnreadableFile:
        form.add_error("file", _("This is no CSV or XLSX file, or it is too large."))
        return [], []
    except UnknownEncoding as refusal:
        form.add_error("file", refusal.message)
        return [], []
    people, problems = read_people(table, values["services"], timezone.localdate())
    office = find_office(values["office"])
    if office and len(people) > policy_for(office).max_group:
        most = policy_for(office).max_group
        text = _("At most %(most)s people in one booking. Split the list.") % {"most": most}
        form.add_error("file", text)
        return [], []
    return people, problems


def _book(
    request: HttpRequest, group: Group, slot_id: int, people: tuple[Person, ...]
) -> HttpResponse:
    account = citizen_of(request)
    contact = contact_of(account)
    party = Party(
        slot_id=slot_id,
        channel=channel_of(request),
        people=people,
        contact=Contact(contact.phone, contact.email, get_language() or account.language),
        group=group,
    )
    booking = book(party, Actor(account=account), timezone.now())
    sealed.discard(request, SEALED)
    messages.success(request, _("Booked for %(name)s.") % {"name": group.name})
    return redirect("booking-confirmed", booking.number)


def _why(refused: BookingError) -> str:
    if isinstance(refused, SlotFull):
        return _("This window no longer has room for all of you. Choose another.")
    return refused.message


def _want(request: HttpRequest, office: Office, people: tuple[Person, ...]) -> Want:
    codes = {code for person in people for code in person.services}
    services = find_services(codes)
    if not services:
        raise Http404
    places = sum(person_places(person, policy_for(office)) for person in people)
    line = next(iter(services.values())).line
    return Want(office, line, channel_of(request), places, people=people)


def _services() -> list[tuple[str, str]]:
    shown = catalogue.public_services(timezone.localdate()).values()
    return [(one.code, one.label) for one in shown if one.visit_needed]


def _offices() -> list[tuple[str, str]]:
    found = Office.objects.bookable().standing(timezone.localdate())
    return [(one.code, f"{one.city_label} · {one.label}") for one in found]
