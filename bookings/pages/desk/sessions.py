"""Sessions of an office: what is planned, one more, one less."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.in_the_way import bookings_of_slots
from bookings.domain.publishing import PublishReport
from bookings.domain.sessions import SessionBooked, add_session, remove_session
from bookings.forms.session import SessionForm
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from offices.models import Session


@desk_page(Action.PUBLISH_SESSIONS)
def sessions(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = SessionForm(desk.office, desk.today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = form.save(commit=False)
        session.created_by = desk.account
        _say(request, add_session(session, desk.now), session)
        return HttpResponseRedirect(desk.url("desk-sessions"))
    planned = Session.objects.filter(office=desk.office, date__gte=desk.today)
    context = {
        "desk": desk,
        "form": form,
        "sessions": planned.select_related("line", "created_by").order_by("date", "opens"),
        "here": "sessions",
    }
    return render(request, "desk/sessions.html", context)


@desk_page(Action.PUBLISH_SESSIONS)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    session = get_object_or_404(Session, office=desk.office, pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            remove_session(session, desk.now)
        except SessionBooked as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("The session was removed."))
            return HttpResponseRedirect(desk.url("desk-sessions"))
    slot_ids = session.slots.values_list("pk", flat=True)
    context = {
        "desk": desk,
        "session": session,
        "problem": problem,
        "bookings": bookings_of_slots(slot_ids, desk.now),
        "here": "sessions",
    }
    return render(request, "desk/session_remove.html", context)


def _say(request: HttpRequest, report: PublishReport, session: Session) -> None:
    windows = session.slots.count()
    if windows:
        text = ngettext(
            "The session is published with %(count)s window.",
            "The session is published with %(count)s windows.",
            windows,
        )
    else:
        text = _("The session is saved. Its windows appear when its day is published.")
    messages.success(request, text % {"count": windows})
    if report.conflicts:
        text = ngettext(
            "%(count)s window with bookings could not follow: see the day.",
            "%(count)s windows with bookings could not follow: see the day.",
            len(report.conflicts),
        )
        messages.warning(request, text % {"count": len(report.conflicts)})
