"""Handing out a file of evidence, to whom it was checked that they may have it."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from bookings.domain.evidence import read_file
from bookings.models import Evidence


def file_response(evidence: Evidence) -> HttpResponse:
    """To be saved or shown as a picture, never opened as a page of ours. Raises Http404."""
    try:
        data = read_file(evidence)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(data, content_type=evidence.content_type)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=evidence.name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
