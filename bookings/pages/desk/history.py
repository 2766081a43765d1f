"""Who changed which places, when, from what to what and why; and setting it back."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.models import Account
from applicants.pages.sealed import discard, seal, unseal
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import BookingError
from bookings.domain.freezing import freeze, thaw
from bookings.domain.quotas import QuotasRefused, still_to_come, together_with, undo
from bookings.enums import QuotaChangeKind
from bookings.forms.desk import ReasonForm
from bookings.forms.ranges import read_versions, write_versions
from bookings.forms.typed import whole_number
from bookings.models import QuotaChange
from bookings.pages.desk.gate import Desk, date_of, desk_page
from bookings.pages.desk.slot import seen_versions
from bookings.pages.desk.table import csv_response
from offices.domain.permissions import Action
from offices.models import Closure, ServiceLine

PAGE = 20
# Says that the page is of the words that were typed last.
WORDS = "words"
DAYS_SHOWN = 30
_CLOSING = (QuotaChangeKind.CLOSED, QuotaChangeKind.REOPENED)
_FREEZING = {QuotaChangeKind.FROZEN: thaw, QuotaChangeKind.THAWED: freeze}
# These leave the numbers as they are.
_SWITCHES = (*_CLOSING, *_FREEZING)
# Changes with these in common were made in one go.
_ONE_GO = ("at", "kind", "account", "partner")
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Filter:
    """What part of the history is asked for."""

    first: dt.date
    last: dt.date
    who: int | None
    line: ServiceLine | None
    kind: str
    # In the reason, whatever its case.
    text: str

    @classmethod
    def of(cls, request: HttpRequest, desk: Desk) -> "Filter":
        typed = request.POST or request.GET
        return cls(
            first=date_of(request, "first") or desk.today - dt.timedelta(days=DAYS_SHOWN),
            last=date_of(request, "last") or desk.today,
            who=whole_number(typed.get("who", "")),
            line=_line(typed.get("line", ""), desk),
            kind=_kind(typed.get("kind", "")),
            text=_words(request, desk),
        )

    def changes(self, desk: Desk) -> QuerySet[QuotaChange]:
        wanted = {
            "account": self.who,
            "quota__slot__line": self.line,
            "kind": self.kind,
            "reason__icontains": self.text,
        }
        given = {name: value for name, value in wanted.items() if value}
        return self.changes_by_all(desk).filter(**given)

    def changes_by_all(self, desk: Desk) -> QuerySet[QuotaChange]:
        return QuotaChange.objects.filter(
            quota__slot__office=desk.office,
            # Nothing is changed at a window that is long over: older ones needn't be looked into.
            quota__slot__date__gte=self.first - _ONE_DAY,
            at__gte=_midnight(self.first, desk),
            at__lt=_midnight(self.last + _ONE_DAY, desk),
        )

    def query(self) -> str:
        """All that may be handed on. The words may name a person, so they stay in the session."""
        return urlencode(
            {
                "first": self.first,
                "last": self.last,
                "who": self.who or "",
                "line": self.line.code if self.line else "",
                "kind": self.kind,
                WORDS: "kept" if self.text else "",
            }
        )


def _words(request: HttpRequest, desk: Desk) -> str:
    if request.method == "POST":
        # PostgreSQL knows no NUL.
        return request.POST.get("text", "").replace("\0", "").strip()
    kept = unseal(request, _kept(desk)) if request.GET.get(WORDS) else {}
    return str(kept.get("text", ""))


def _keep_words(request: HttpRequest, desk: Desk, text: str) -> None:
    if text:
        seal(request, _kept(desk), {"text": text})
    else:
        discard(request, _kept(desk))


def _kept(desk: Desk) -> str:
    return f"history.{desk.office.code}"


def _line(code: str, desk: Desk) -> ServiceLine | None:
    return next((line for line in desk.lines() if line.code == code), None)


def _kind(text: str) -> str:
    return text if text in QuotaChangeKind.values else ""


@desk_page(Action.SEE_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, desk: Desk) -> HttpResponse | StreamingHttpResponse:
    asked = Filter.of(request, desk)
    if request.method == "POST":
        _keep_words(request, desk, asked.text)
        as_csv = "&format=csv" if request.POST.get("format") == "csv" else ""
        return HttpResponseRedirect(f"{desk.url('desk-history')}?{asked.query()}{as_csv}")
    if request.GET.get("format") == "csv":
        return _as_csv(desk, asked)
    goes = asked.changes(desk).order_by().values(*_ONE_GO).annotate(newest=Max("pk"))
    page = Paginator(goes.order_by("-at", "-newest"), PAGE).get_page(request.GET.get("page"))
    staff = asked.changes_by_all(desk).values("account")
    context = {
        "desk": desk,
        "asked": asked,
        "page": page,
        "query": asked.query(),
        "entries": _entries(page.object_list, asked, desk),
        "staff": Account.objects.filter(pk__in=staff).order_by("username"),
        "lines": desk.lines(),
        "kinds": QuotaChangeKind.choices,
        "switches": _SWITCHES,
        "here": "history",
    }
    return render(request, "desk/history.html", context)


def _entries(goes: Iterable[dict[str, Any]], asked: Filter, desk: Desk) -> list[list[QuotaChange]]:
    """The changes of each go, those of one window beside each other."""
    changes = (
        asked.changes(desk)
        .filter(at__in=[go["at"] for go in goes])
        .select_related("account", "partner", "quota__slot__line")
        .order_by("-at", "kind", "account", "partner", "quota__slot__starts_at", "quota")
    )
    return [list(group) for _key, group in groupby(changes, key=_go_of)]


def _go_of(change: QuotaChange) -> tuple[object, ...]:
    return change.at, change.kind, change.account_id, change.partner_id


@desk_page(Action.SEE_DESK)
def undo_change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Shows what would be set back, then does it for all changes that were made in one go."""
    found = QuotaChange.objects.filter(quota__slot__office=desk.office)
    change = get_object_or_404(found.select_related("quota__slot"), pk=pk)
    closing = change.kind in _CLOSING
    if (Action.CLOSE_WINDOWS if closing else Action.CHANGE_QUOTAS) not in desk.actions:
        raise PermissionDenied
    closure = Closure.objects.filter(office=desk.office, created_at=change.at).first()
    if closure is not None and change.kind == QuotaChangeKind.CLOSED:
        return HttpResponseRedirect(desk.url("desk-reopen-day", closure.pk))
    undone = _("Undone: %(reason)s") % {"reason": change.reason}
    form = ReasonForm(request.POST or None, initial={"reason": undone[:200]})
    if request.method == "POST" and form.is_valid() and _undo(request, desk, change, form):
        messages.success(request, _("It was set back."))
        return HttpResponseRedirect(desk.url("desk-history"))
    changes = together_with(change)
    context = {
        "desk": desk,
        "change": change,
        "changes": changes,
        "seen": write_versions(one.quota for one in changes),
        "switches": change.kind in _SWITCHES,
        "resumes": change.kind in (QuotaChangeKind.CLOSED, QuotaChangeKind.FROZEN),
        "form": form,
        "here": "history",
    }
    return render(request, "desk/undo.html", context)


def _undo(request: HttpRequest, desk: Desk, change: QuotaChange, form: ReasonForm) -> bool:
    reason = form.cleaned_data["reason"]
    slot_ids = {one.quota.slot_id for one in together_with(change)}
    try:
        if change.kind == QuotaChangeKind.CLOSED:
            reopen_slots(slot_ids, reason=reason, actor=desk.actor, now=desk.now)
        elif change.kind == QuotaChangeKind.REOPENED:
            close_slots(slot_ids, reason=reason, actor=desk.actor, now=desk.now)
        elif switch := _FREEZING.get(QuotaChangeKind(change.kind)):
            coming = {one.quota_id for one in still_to_come(change, desk.now)}
            seen = {pk: version for pk, version in _seen(request).items() if pk in coming}
            switch(seen, reason=reason, actor=desk.actor, now=desk.now)
        else:
            undo(change, _seen(request), reason=reason, actor=desk.actor, now=desk.now)
    except QuotasRefused as refused:
        for refusal in refused.refusals:
            form.add_error(None, refusal.message)
    except BookingError as refusal:
        form.add_error(None, refusal.message)
    return form.is_valid()


def _seen(request: HttpRequest) -> dict[int, int]:
    return {**seen_versions(request), **read_versions(request.POST.get("seen", ""))}


def _as_csv(desk: Desk, asked: Filter) -> StreamingHttpResponse:
    head = (
        _("Time"),
        _("Who"),
        _("Line"),
        _("Window"),
        _("Pool"),
        _("What"),
        _("Before"),
        _("After"),
        _("Reason"),
    )
    changes = asked.changes(desk).select_related("account", "partner", "quota__slot__line")
    name = f"changes-{desk.office.code}-{asked.first}-{asked.last}.csv"
    return csv_response(name, head, [_csv_row(change, desk) for change in changes])


def _csv_row(change: QuotaChange, desk: Desk) -> tuple[object, ...]:
    slot = change.quota.slot
    return (
        f"{change.at.astimezone(desk.office.zone):%Y-%m-%d %H:%M:%S}",
        str(change.account or change.partner or _("The system")),
        slot.line.label,
        f"{slot.starts_at.astimezone(desk.office.zone):%Y-%m-%d %H:%M}",
        change.quota.get_pool_display(),
        change.get_kind_display(),
        change.from_capacity,
        change.to_capacity,
        change.reason,
    )


def _midnight(day: dt.date, desk: Desk) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=desk.office.zone)
