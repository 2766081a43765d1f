"""The office's admin page, saying what stands in the way of changed hours."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.publishing import Conflict, publish
from offices.admin import OfficeAdmin
from offices.models import Office

SHOWN = 10

admin.site.unregister(Office)


@admin.register(Office)
class PublishedOfficeAdmin(OfficeAdmin):
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The change is committed and published when the page returns; what remains is told."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and _was_saved(response) and object_id:
            self._tell_conflicts(request, Office.objects.get(pk=object_id))
        return response

    def _tell_conflicts(self, request: HttpRequest, office: Office) -> None:
        # Published already: asking again writes nothing and gives what is left to settle.
        conflicts = publish(office, timezone.now()).conflicts
        for conflict in conflicts[:SHOWN]:
            messages.warning(request, conflict_sentence(conflict, office))
        if len(conflicts) > SHOWN:
            more = len(conflicts) - SHOWN
            messages.warning(
                request,
                ngettext("and %(n)s more time", "and %(n)s more times", more) % {"n": more},
            )


def _was_saved(response: HttpResponse) -> bool:
    return response.status_code == 302


def conflict_sentence(conflict: Conflict, office: Office) -> str:
    """E.g. "Mon 3 Aug 10:00: outside the opening hours, 3 bookings". Local time."""
    local = conflict.starts_at.astimezone(office.zone)
    return _("%(time)s: %(reason)s, bookings: %(bookings)s") % {
        "time": date_format(local, "Y-m-d H:i"),
        "reason": conflict.kind.label,
        "bookings": conflict.bookings,
    }
