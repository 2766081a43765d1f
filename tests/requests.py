"""Urgent requests and home visits for tests, and the files that people send with them."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter

from applicants.models import Account
from bookings.domain import home_visit, urgent
from bookings.domain.parties import Actor, Contact
from bookings.domain.requests import Asking
from bookings.domain.uploads import check_file
from bookings.models import HomeVisit, UrgentRequest
from offices.models import Office
from tests.factories import NOW, make_identity, make_office

A_WEEK_ON = NOW.date() + dt.timedelta(days=7)


def make_pdf(name: str = "邀请函.pdf", pages: int = 1, **metadata: str) -> SimpleUploadedFile:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    written = io.BytesIO()
    writer.write(written)
    return SimpleUploadedFile(name, written.getvalue(), "application/pdf")


def make_image(
    name: str = "照片.jpg", kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any
) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, kind, **options)
    return SimpleUploadedFile(name, written.getvalue(), f"image/{kind.lower()}")


def make_asking(office: Office | None = None, *services: str, **fields: Any) -> Asking:
    values: dict[str, Any] = {
        "name": "演示甲",
        "identity": make_identity(),
        "contact": Contact(phone="+8613800138000"),
    }
    return Asking(
        office=office or make_office(),
        services=services or ("passport-first",),
        **(values | fields),
    )


def make_urgent(
    office: Office | None = None,
    *,
    account: Account | None = None,
    reason: str = "meeting",
    deadline: dt.date = A_WEEK_ON,
    files: Sequence[SimpleUploadedFile] = (),
    now: dt.datetime = NOW,
    **fields: Any,
) -> UrgentRequest:
    sound = tuple(check_file(file) for file in files)
    urgency = urgent.Urgency(reason, deadline, sound)
    return urgent.ask(make_asking(office, **fields), urgency, Actor(account=account), now)


def make_visit(
    office: Office | None = None,
    *,
    account: Account | None = None,
    now: dt.datetime = NOW,
    **fields: Any,
) -> HomeVisit:
    first = NOW.date() + dt.timedelta(days=1)
    need = home_visit.Need("厦门市演示路1号101室", "长期卧床", first, A_WEEK_ON)
    return home_visit.ask(make_asking(office, **fields), need, Actor(account=account), now)


def events_of(request: Any) -> Iterable[str]:
    return list(request.events.values_list("kind", flat=True))
