"""One number of the grid, for a browser that saves it without loading the page anew.

What it answers is JSON: the `row` and the `totals` as HTML, what to say (`said`), whether the
number was `refused`, whether a reason is missing (`ask`), and how to `undo` it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.domain.errors import BelowTaken, BookingError, ChangedMeanwhile
from bookings.domain.quotas import QuotasRefused, set_quotas
from bookings.forms.desk import CapacitiesForm, capacity_name, seen_name, seen_value
from bookings.models import Quota, QuotaChange
from bookings.pages.desk.day import changeable, changed_by
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.desk.grid import Row, add_fields, rows_of, totals, windows_of
from offices.domain.permissions import Action

REASON_LENGTH = 200


@dataclass(frozen=True)
class _Refusal:
    why: str
    status: int
    ask: str = ""
    blocked: bool = False
    # The reader is told what the number is now: what they typed becomes an answer to that.
    told: bool = False


@desk_page(Action.CHANGE_QUOTAS)
@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, desk: Desk, pk: int) -> JsonResponse:
    """GET: its row as it is now. POST: `capacity_<id>`, `seen_<id>` and `reason` as in the grid."""
    found = Quota.objects.filter(slot__office=desk.office)
    quota = get_object_or_404(found.select_related("slot__office", "slot__line"), pk=pk)
    if request.method != "POST":
        return _answer(desk, quota)
    form = CapacitiesForm([quota], request.POST)
    try:
        refusal = _wrong(form, quota) or _save(form, desk)
    except BookingError as refused:
        refusal = _Refusal(refused.message, 409)
    if refusal is None:
        change = QuotaChange.objects.filter(quota=quota).latest("version")
        return _answer(desk, quota, said=_saved(form, change), undo=_undo(change))
    return _answer(desk, quota, refusal=refusal, typed=request.POST)


def _wrong(form: CapacitiesForm, quota: Quota) -> _Refusal | None:
    if form.is_valid():
        return None
    number = form.errors.get(capacity_name(quota.pk)) or form.non_field_errors()
    if number:
        return _Refusal(str(number[0]), 422)
    return _Refusal(str(form.errors["reason"][0]), 422, ask="reason")


def _save(form: CapacitiesForm, desk: Desk) -> _Refusal | None:
    reason = form.cleaned_data["reason"]
    try:
        set_quotas(form.edits(), reason=reason, actor=desk.actor, now=desk.now)
    except QuotasRefused as refused:
        return _explain(refused.refusals[0], desk)
    return None


def _explain(refused: BelowTaken | ChangedMeanwhile, desk: Desk) -> _Refusal:
    if isinstance(refused, ChangedMeanwhile):
        why = changed_by(refused.quota_id, desk) or refused.message
        return _Refusal(why, 409, told=True)
    why = _("%(why)s Enter %(taken)s or more, or move bookings first.") % {
        "why": refused.message,
        "taken": refused.taken,
    }
    return _Refusal(why, 409, blocked=True)


def _answer(
    desk: Desk,
    quota: Quota,
    *,
    said: str = "",
    undo: dict[str, str] | None = None,
    refusal: _Refusal | None = None,
    typed: QueryDict | None = None,
) -> JsonResponse:
    rows = rows_of(windows_of(desk.office, quota.slot.line, quota.slot.date), desk.now)
    row = next(row for row in rows if row.slot.pk == quota.slot_id)
    quotas = changeable(desk, [row])
    if refusal is None or typed is None:
        add_fields([row], CapacitiesForm(quotas))
    else:
        add_fields([row], CapacitiesForm(quotas, _filled_in(quotas, quota.pk, refusal, typed)))
        _add_refusal(row, quota.pk, refusal)
    answer = {
        "row": render_to_string("desk/includes/grid_row.html", {"row": row, "desk": desk}),
        "totals": render_to_string("desk/includes/grid_totals.html", {"totals": totals(rows)}),
        "said": refusal.why if refusal else said,
        "refused": refusal is not None,
        "ask": refusal.ask if refusal else "",
        "undo": undo,
    }
    return JsonResponse(answer, status=refusal.status if refusal else 200)


def _filled_in(
    quotas: Iterable[Quota], quota_id: int, refusal: _Refusal, typed: QueryDict
) -> dict[str, str]:
    """The row as it is now, but for the number that was typed."""
    data: dict[str, str] = {}
    for quota in quotas:
        data[capacity_name(quota.pk)] = str(quota.capacity)
        data[seen_name(quota.pk)] = seen_value(quota)
    data[capacity_name(quota_id)] = typed.get(capacity_name(quota_id), "")
    if not refusal.told:
        data[seen_name(quota_id)] = typed.get(seen_name(quota_id), "")
    return data


def _add_refusal(row: Row, quota_id: int, refusal: _Refusal) -> None:
    for cell in row.cells:
        if cell.quota.pk == quota_id and cell.field:
            cell.refusal, cell.blocked = refusal.why, refusal.blocked
            described = {"aria-invalid": "true", "aria-describedby": f"why_{quota_id}"}
            cell.field.field.widget.attrs |= described


def _saved(form: CapacitiesForm, change: QuotaChange) -> str:
    [place] = [field.label for name, field in form.fields.items() if name != "reason"]
    return _("%(place)s: %(old)s → %(new)s saved.") % {
        "place": place,
        "old": change.from_capacity,
        "new": change.to_capacity,
    }


def _undo(change: QuotaChange) -> dict[str, str]:
    reason = _("Undone: %(reason)s") % {"reason": change.reason}
    return {"capacity": str(change.from_capacity), "reason": reason[:REASON_LENGTH]}
