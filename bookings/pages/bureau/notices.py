"""What a bureau has to say to everybody who is about to book (JJ-21)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.forms.notice import NoticeForm
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from bookings.qr import qr_svg
from offices.domain.permissions import Action
from offices.models import Notice
from offices.wording import say_day


@bureau_page(Action.SET_UP_OFFICES)
def notices(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = NoticeForm(desk.bureau, desk.today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        notice = form.save(commit=False)
        notice.created_by = desk.account
        notice.save()
        messages.success(
            request, _("The notice is shown from %(day)s on.") % {"day": say_day(notice.first_day)}
        )
        return HttpResponseRedirect(desk.url("bureau-notices"))
    context = {
        "desk": desk,
        "form": form,
        "notices": Notice.objects.filter(bureau=desk.bureau, last_day__gte=desk.today),
        "here": "notices",
    }
    return render(request, "bureau/notices.html", context)


@bureau_page(Action.SET_UP_OFFICES)
@require_POST
def remove(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    get_object_or_404(Notice, bureau=desk.bureau, pk=pk).delete()
    messages.success(request, _("The notice is no longer shown."))
    return HttpResponseRedirect(desk.url("bureau-notices"))


@bureau_page(Action.SET_UP_OFFICES)
@require_safe
def poster(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    """The same notice for the board in the hall, with the way to book (FS-33)."""
    notice = get_object_or_404(Notice, bureau=desk.bureau, pk=pk)
    address = request.build_absolute_uri(reverse("book"))
    code = qr_svg(address, _("QR code with the address of the booking page"))
    context = {"desk": desk, "notice": notice, "address": address, "code": code}
    return render(request, "bureau/poster.html", context)
