"""The visit as its party sees it: the number, who is before it, what is still to be brought."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.pages.citizen.holder import booking_of, holder_required
from visits.domain.queue import position
from visits.enums import TicketState
from visits.models import Ticket


@require_safe
@holder_required
def visit(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_of(request, number)
    tickets = Ticket.objects.filter(booking=booking).select_related(
        "line", "counter", "office__bureau__parent", "conditional_acceptance"
    )
    ticket = tickets.order_by("-issued_at").first()
    waits = ticket is not None and ticket.state == TicketState.WAITING
    context = {
        "booking": booking,
        "ticket": ticket,
        "gaps": getattr(ticket, "conditional_acceptance", None),
        "position": position(ticket, timezone.now()) if ticket and waits else None,
    }
    return render(request, "visits/visit.html", context)
