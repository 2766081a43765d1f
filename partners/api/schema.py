"""What every operation has in common in the OpenAPI description."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from partners.api.problems import MEDIA_TYPE, ProblemSerializer

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Names this write, e.g. a UUID. A retry with the same key and body within 24 "
    "hours gets the first answer (`Idempotent-Replayed: true`) and does nothing twice.",
)


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "partners.api.authentication.BearerKeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "yk_<prefix>_<secret>",
            "description": "From `manage.py create_partner`. Shown once, bound to a partner, its "
            "offices and the scopes bookings:read, bookings:write, quotas:read, quotas:write.",
        }


class Schema(AutoSchema):
    """Adds the refusals that any operation may give, as one default problem document."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        any_refusal = OpenApiResponse(ProblemSerializer, description="Any other refusal.")
        bodies["default"] = self._get_response_for_code(
            any_refusal, "default", (MEDIA_TYPE,), direction
        )
        return bodies


def refusal(
    status_code: int, *codes: str, serializer: Any = ProblemSerializer, example: Any = None
) -> dict[tuple[int, str], OpenApiResponse]:
    """A response of an operation: a problem document with one of these codes."""
    examples = [OpenApiExample(codes[0], example, media_type=MEDIA_TYPE)] if example else []
    described = OpenApiResponse(
        serializer, description=", ".join(f"`{code}`" for code in codes), examples=examples
    )
    return {(status_code, MEDIA_TYPE): described}
