"""The identity platform's side of a sign-in: OpenID Connect by Authlib.

Authorization code with PKCE, state and nonce; the ID token's signature, issuer, audience and times
are checked there. Nothing of the answer is logged or kept in the session.
"""

import re
from functools import cache
from typing import Any

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

from applicants.contact import parse_phone
from applicants.crypto import keyed_hash
from applicants.domain.external import LevelTooLow, Person, PlatformAway, PlatformError

log = structlog.get_logger(__name__)

NAME = "platform"
SCOPES = "openid phone"
# By public keys only: "none" proves nothing, and an HMAC by our own secret proves as little.
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})
# The clocks of two machines, in seconds.
LEEWAY = 60
TIMEOUT = 5
LEVEL_CLAIMS = ("authLevel", "auth_level", "acr")


def lead_there(request: HttpRequest, return_to: str) -> HttpResponse:
    """The way to the platform, which comes back to the address `return_to`.

    Raises PlatformAway, PlatformError.
    """
    try:
        _check_metadata()
        there: HttpResponse = _client().authorize_redirect(request, return_to)
    except (RequestException, ValueError) as error:
        raise _away(error) from None
    return there


def person_of(request: HttpRequest) -> Person:
    """Whom the platform sends back, by the code in its answer.

    Raises PlatformAway; PlatformError for an answer that proves nothing; LevelTooLow.
    """
    try:
        _check_metadata()
        token = _client().authorize_access_token(
            request, leeway=LEEWAY, claims_options=_expected_claims()
        )
        return _person(_claims(token))
    except RequestException as error:
        raise _away(error) from None
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("platform_answer_refused", error=type(error).__name__)
        raise PlatformError from None


def _claims(token: dict[str, Any]) -> dict[str, Any]:
    """What the ID token says, and what the platform says only when it is asked by itself."""
    # Authlib puts what it has checked there.
    checked = token.get("userinfo")
    if not checked:
        raise PlatformError
    client = _client()
    if "phone_number" in checked or "userinfo_endpoint" not in client.load_server_metadata():
        return dict(checked)
    told = client.userinfo(token=token)
    if told.get("sub") != checked["sub"]:
        raise PlatformError
    return {**told, **checked}


def _person(claims: dict[str, Any]) -> Person:
    level = next((str(claims[name]) for name in LEVEL_CLAIMS if claims.get(name) is not None), "")
    if _rank(level) < settings.OIDC_MIN_LEVEL:
        raise LevelTooLow
    return Person(
        subject_hash=keyed_hash(f"{settings.OIDC_ISSUER}|{claims['sub']}", "oidc.subject"),
        level=level[:20],
        phone=_verified_phone(claims),
    )


def _rank(level: str) -> int:
    """3 of "3", "L3" or "urn:…:level:3"; 0 where no number ends it."""
    found = re.search(r"(\d{1,2})\Z", level)
    return int(found[1]) if found else 0


def _verified_phone(claims: dict[str, Any]) -> str:
    if claims.get("phone_number_verified") is not True:
        return ""
    try:
        return parse_phone(str(claims.get("phone_number", "")))
    except ValidationError:
        return ""


def _expected_claims() -> dict[str, dict[str, Any]]:
    return {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
        "exp": {"essential": True},
        "sub": {"essential": True},
    }


def _client() -> DjangoOAuth2App:
    return _kept_client(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@cache
def _kept_client(issuer: str, client_id: str, secret: str) -> DjangoOAuth2App:
    """Knows the platform's addresses and keys once it has asked for them."""
    return OAuth().register(
        NAME,
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": SCOPES,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )


def forget() -> None:
    """Ask the platform for its addresses and keys again."""
    _kept_client.cache_clear()


def _check_metadata() -> None:
    metadata = _client().load_server_metadata()
    if metadata.get("issuer") != settings.OIDC_ISSUER:
        forget()
        log.error("platform_issuer_differs")
        raise PlatformError
    offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    metadata["id_token_signing_alg_values_supported"] = sorted(SIGNATURES.intersection(offered))


def _away(error: Exception) -> PlatformAway:
    log.error("platform_unavailable", error=type(error).__name__)
    return PlatformAway()
