"""`Authorization: Bearer yk_…`."""

from dataclasses import dataclass

import structlog
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from partners.domain.keys import note_use, offices_of, recognise
from partners.models import ApiKey, Partner


@dataclass(frozen=True)
class Caller:
    """`request.user` of a request with a key."""

    key: ApiKey
    is_authenticated = True

    @property
    def partner(self) -> Partner:
        return self.key.partner

    @property
    def office_ids(self) -> frozenset[int]:
        """The offices that the partner may reach."""
        return offices_of(self.partner.pk)

    def may(self, scope: str) -> bool:
        return scope in self.key.scopes


def caller(request: Request) -> Caller:
    """Whose key this is, where the permissions have seen to it that there is one."""
    assert isinstance(request.user, Caller)
    return request.user


class BearerKeyAuthentication(BaseAuthentication):
    """Nothing when there is no key; a wrong one is refused even where none is needed."""

    def authenticate(self, request: Request) -> tuple[Caller, ApiKey] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        key = recognise(token.strip().decode("latin-1"))
        if key is None:
            raise AuthenticationFailed(_("This key is unknown or was revoked."))
        note_use(key, timezone.now())
        structlog.contextvars.bind_contextvars(api_key=key.prefix)
        return Caller(key), key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return 'Bearer realm="Yihao API"'
