"""Pages leave compressed, whether or not a proxy stands in front."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Compresses HTML only: programs that use the API have good lines, and processors are scarce.

    The length of a compressed answer can betray a secret that stands beside an echo of the
    question, when a stranger makes a browser ask thousands of times (BREACH). Our one secret, the
    CSRF token, is masked anew in every answer; Django adds up to 100 random bytes to each; and
    SameSite=Lax keeps the citizen's session out of what other sites' pages ask for in silence.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
