"""The third question: at which office, with the first window that has room for the party."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.eligibility import find_services, reasons_against_people
from bookings.domain.errors import Reason
from bookings.domain.nearest import nearest_times
from bookings.domain.parties import Person
from bookings.domain.promise import person_places
from bookings.forms.cards import Card, Groups
from bookings.forms.citizen import WhereForm
from bookings.models import Booking
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import channel_of, offices_offering, people_of
from bookings.pages.citizen.progress import WHERE, show
from bookings.pages.citizen.refusals import ways_on
from bookings.pages.citizen.steps import first_gap, go_on
from bookings.wording import say_moment
from offices.domain.policy import policy_for
from offices.models import Office, Service
from offices.wording import say_address

# Nobody reads a list of more offices than that.
MOST_AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def where(request: HttpRequest) -> HttpResponse:
    """`?city=` (Chinese name) shows the offices of that city where there are many."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHERE):
        return gap
    if request.method == "POST":
        answer = WhereForm(request.POST, groups=_chosen(request, draft))
        if answer.is_valid():
            draft.office, draft.office_given = answer.cleaned_data["office"], False
            drafts.save(request, draft)
            return go_on(request, draft, WHERE)
    offices = _familiar_first(
        citizen_of(request), offices_offering(tuple(draft.services), timezone.localdate())
    )
    cities, shown = _of_one_city(offices, request.GET.get("city", ""), draft.office)
    groups = _groups(request, draft, shown, timezone.now())
    form = WhereForm(posted(request), groups=groups, initial={"office": draft.office})
    against = _against_chosen(request, draft) if request.method == "POST" else []
    context = {"form": form, "cities": cities, **ways_on(against)}
    return show(request, "bookings/where.html", WHERE, context)


@dataclass(frozen=True, slots=True)
class City:
    """Leads to its offices, on this page or on one of their own."""

    label: str
    url: str
    is_shown: bool = False


def _of_one_city(offices: list[Office], asked: str, chosen: str) -> tuple[list[City], list[Office]]:
    """The cities, and the offices to show: of a great many those of one city. It is the one that
    was asked for, that of the office chosen before, or the first."""
    labels = {office.city: office.city_label for office in offices}
    if len(offices) <= MOST_AT_ONCE:
        jumps = [f"#id_office_group_{number}" for number in range(len(labels))]
        return [City(*each) for each in zip(labels.values(), jumps, strict=True)], offices
    before = (office.city for office in offices if office.code == chosen)
    shown = asked if asked in labels else next(before, offices[0].city)
    cities = [
        City(label, f"?{urlencode({'city': city})}", city == shown)
        for city, label in labels.items()
    ]
    return cities, [office for office in offices if office.city == shown]


def _chosen(request: HttpRequest, draft: Draft) -> Groups:
    """The office of the answer alone, and whether the party can book there: an answer need not
    find the first free time of every office."""
    today = timezone.localdate()
    people = people_of(citizen_of(request), draft, today)
    services = find_services(draft.services)
    offices = offices_offering(tuple(draft.services), today)
    chosen = [office for office in offices if office.code == request.POST.get("office")]
    cards = [(o.code, _card(o, None, _problem(o, people, services, today))) for o in chosen]
    return [("", cards)]


def _groups(request: HttpRequest, draft: Draft, offices: list[Office], now: dt.datetime) -> Groups:
    today = timezone.localdate(now)
    people = people_of(citizen_of(request), draft, today)
    services = find_services(draft.services)
    nearest = _nearest(offices, people, services, channel_of(request), now)
    groups: dict[str, list[tuple[str, Card]]] = {}
    for office in offices:
        problem = _problem(office, people, services, today)
        card = _card(office, nearest.get(office.pk), problem)
        groups.setdefault(office.city_label, []).append((office.code, card))
    return list(groups.items())


def _nearest(
    offices: list[Office],
    people: tuple[Person, ...],
    services: dict[str, Service],
    channel: str,
    now: dt.datetime,
) -> dict[int, dt.datetime]:
    needs = {
        office: sum(person_places(person, policy_for(office)) for person in people)
        for office in offices
    }
    line = next(iter(services.values())).line
    return nearest_times(needs, line, channel, now)


def _familiar_first(account: Account, offices: list[Office]) -> list[Office]:
    """The city of the last booking comes first."""
    visited = Booking.objects.filter(account=account).values_list("slot__office__city", flat=True)
    city = visited.first()
    return sorted(offices, key=lambda office: office.city != city)


def _against_chosen(request: HttpRequest, draft: Draft) -> list[Reason]:
    """Why the party can't book at the office that was chosen."""
    today = timezone.localdate()
    people = people_of(citizen_of(request), draft, today)
    services = find_services(draft.services)
    offices = offices_offering(tuple(draft.services), today)
    chosen = [office for office in offices if office.code == request.POST.get("office")]
    return [
        reason
        for office in chosen
        for reason in reasons_against_people(people, today, policy_for(office), services)
    ]


def _problem(
    office: Office, people: tuple[Person, ...], services: dict[str, Service], today: dt.date
) -> str:
    against = reasons_against_people(people, today, policy_for(office), services)
    return against[0].message if against else ""


def _card(office: Office, nearest: dt.datetime | None, problem: str) -> Card:
    place = say_address("", office.district_label, office.address_label)
    if nearest:
        first = _("First free time: %(time)s") % {"time": say_moment(nearest, office.zone)}
    else:
        first = _("No places for your party at the moment")
    return Card(
        office.label,
        hints=tuple(hint for hint in (place, "" if problem else first) if hint),
        problem=problem,
        # A problem names people.
        public=not problem,
    )
