"""Sessions of an office: what is planned, more of them, fewer."""

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.session_preview import preview_sessions
from bookings.domain.sessions import (
    SessionBooked,
    SessionsOverlap,
    add_series,
    add_session,
    bookings_of_sessions,
    changes_of_sessions,
    coming_sessions,
    remove_series,
    remove_session,
)
from bookings.forms.desk import ReasonForm
from bookings.forms.repeat import RepeatForm
from bookings.forms.session import SessionForm
from bookings.models import Slot
from bookings.pages.conflicts import warn_of_conflicts
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.desk.session_list import in_groups, in_words, total_of
from bookings.pages.typed import typed_again
from offices.domain.audience import terms_of
from offices.domain.calendar import holidays_between
from offices.domain.permissions import Action
from offices.enums import HolidayKind
from offices.models import Session, SessionSeries

MOST_PAST = 200
MOST_CHANGES = 10
PREVIEW, EDIT = "preview", "edit"


@desk_page(Action.PUBLISH_SESSIONS)
def sessions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`?when=past` lists those that are over. A series is shown before it is added."""
    form = SessionForm(desk.office, desk.today, request.POST or None)
    repeat = RepeatForm(request.POST or None)
    step = request.POST.get("step", "")
    if request.method == "POST" and step != EDIT and form.is_valid() & repeat.is_valid():
        answer = _answer(request, desk, form, repeat, step)
        if answer is not None:
            return answer
    past = request.GET.get("when") == "past"
    planned = _listed(desk, past=past)
    context = {
        "desk": desk,
        "form": form,
        "repeat": repeat,
        "sessions": planned,
        "groups": in_groups(planned, desk.office),
        "total": total_of(planned),
        "changes": [in_words(one) for one in changes_of_sessions(desk.office)[:MOST_CHANGES]],
        "past": past,
        "here": "sessions",
    }
    return render(request, "desk/sessions.html", context)


def _answer(
    request: HttpRequest, desk: Desk, form: SessionForm, repeat: RepeatForm, step: str
) -> HttpResponse | None:
    """The preview, or the way back once it is added; None where the forms say what is wrong."""
    draft = form.save(commit=False)
    draft.created_by = desk.account
    unseen = repeat.is_series and "seen" not in request.POST
    try:
        days = _days(draft, repeat)
        if step == PREVIEW or unseen:
            return _preview(request, desk, draft, days, repeat)
        _add(request, desk, draft, days, repeat, form.cleaned_data["reason"])
    except SessionsOverlap as refusal:
        form.add_error("opens", refusal.message)
        return None
    except ValidationError as nothing:
        repeat.add_error("times", nothing)
        return None
    return HttpResponseRedirect(desk.url("desk-sessions"))


def _listed(desk: Desk, *, past: bool) -> "QuerySet[Session]":
    own = Session.objects.filter(office=desk.office)
    own = own.select_related("line", "series", "created_by")
    if past:
        return own.filter(date__lt=desk.today).order_by("-date", "opens")[:MOST_PAST]
    return own.filter(date__gte=desk.today).order_by("date", "opens")


def _days(draft: Session, repeat: RepeatForm) -> list[dt.date]:
    """Raises ValidationError where the series has none."""
    if not repeat.is_series:
        return [draft.date]
    days = repeat.days(draft.date, _holidays(draft.date, repeat.horizon(draft.date)))
    if not days:
        raise ValidationError(_("The series has no day. Check its end and the weekdays."))
    return days


def _holidays(first: dt.date, last: dt.date) -> set[dt.date]:
    known = holidays_between(first, last)
    return {day for day, each in known.items() if each.kind == HolidayKind.HOLIDAY}


def _left_out(draft: Session, repeat: RepeatForm, days: Sequence[dt.date]) -> list[dt.date]:
    """The holidays up to the last day that the series would have had."""
    if not repeat.is_series:
        return []
    between = _holidays(draft.date, days[-1])
    return sorted(day for day in between if repeat.falls_on(day) and day not in days)


def _preview(
    request: HttpRequest, desk: Desk, draft: Session, days: Sequence[dt.date], repeat: RepeatForm
) -> HttpResponse:
    planned = preview_sessions(draft, days, desk.now)
    context = {
        "desk": desk,
        "session": draft,
        "terms": terms_of(draft),
        "days": planned,
        "left_out": _left_out(draft, repeat, days),
        "bookings": sum(day.bookings for day in planned),
        "typed": typed_again(request),
        "here": "sessions",
    }
    return render(request, "desk/session_preview.html", context)


def _add(
    request: HttpRequest,
    desk: Desk,
    draft: Session,
    days: Sequence[dt.date],
    repeat: RepeatForm,
    reason: str,
) -> None:
    if repeat.is_series:
        series, report = add_series(draft, days, desk.now, reason=reason, actor=desk.actor)
        slots = Slot.objects.filter(session__series=series)
        windows = slots.count()
        text = ngettext(
            "%(days)s session is added, with %(windows)s windows so far.",
            "%(days)s sessions are added, with %(windows)s windows so far.",
            len(days),
        )
        messages.success(request, text % {"days": len(days), "windows": windows})
    else:
        report = add_session(draft, desk.now, reason=reason, actor=desk.actor)
        slots = Slot.objects.filter(session=draft)
        messages.success(request, _published(slots.count()))
    warn_of_conflicts(request, len(report.conflicts))
    _warn_of_closed(request, slots.filter(closed_at__isnull=False).count())


def _published(windows: int) -> str:
    if not windows:
        return _("The session is saved. Its windows appear when its day is published.")
    text = ngettext(
        "The session is published with %(count)s window.",
        "The session is published with %(count)s windows.",
        windows,
    )
    return text % {"count": windows}


def _warn_of_closed(request: HttpRequest, windows: int) -> None:
    if windows:
        text = ngettext(
            "%(count)s window of it was closed by staff before and stays closed until somebody "
            "opens it again.",
            "%(count)s windows of it were closed by staff before and stay closed until somebody "
            "opens them again.",
            windows,
        )
        messages.warning(request, text % {"count": windows})


@desk_page(Action.PUBLISH_SESSIONS)
def remove(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    session = get_object_or_404(Session, office=desk.office, pk=pk)
    problem, form = "", ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            remove_session(session, desk.now, reason=reason, actor=desk.actor)
        except SessionBooked as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("The session was removed."))
            return HttpResponseRedirect(desk.url("desk-sessions"))
    context = {
        "desk": desk,
        "session": session,
        "form": form,
        "problem": problem,
        "bookings": bookings_of_sessions([session.pk], desk.now),
        "here": "sessions",
    }
    return render(request, "desk/session_remove.html", context)


@desk_page(Action.PUBLISH_SESSIONS)
def remove_whole(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """All that hasn't begun; where people are booked, those without bookings if so wished."""
    series = get_object_or_404(SessionSeries, office=desk.office, pk=pk)
    problem, form = "", ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            removed = remove_series(
                series,
                desk.now,
                reason=form.cleaned_data["reason"],
                actor=desk.actor,
                unbooked_only="unbooked" in request.POST,
            )
        except SessionBooked as refusal:
            problem = refusal.message
        else:
            text = ngettext(
                "%(count)s session was removed.", "%(count)s sessions were removed.", removed
            )
            messages.success(request, text % {"count": removed})
            return HttpResponseRedirect(desk.url("desk-sessions"))
    coming = list(coming_sessions(series, desk.now).select_related("line"))
    context = {
        "desk": desk,
        "series": series,
        "sessions": coming,
        "form": form,
        "problem": problem,
        "bookings": bookings_of_sessions([session.pk for session in coming], desk.now),
        "here": "sessions",
    }
    return render(request, "desk/series_remove.html", context)
