"""An OpenID provider for tests, in a process of its own: `python -m tests.identity_provider`.

It keeps the protocol's rules as a good one does (PKCE, codes that work once, the client's secret),
prints its address, and breaks one rule at a time when it is told to by POST /behave.
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "yihao"
# As long as an HMAC's key must be, to try whether it is taken for a signature.
SECRET = "a-secret-of-more-than-thirty-two-bytes"
KID = "key-1"


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _segment(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _with_hmac(claims: dict[str, Any], key: bytes) -> str:
    """By hand: no library signs like this."""
    text = f"{_segment({'alg': 'HS256', 'kid': KID})}.{_segment(claims)}"
    return f"{text}.{_base64(hmac.digest(key, text.encode(), 'sha256'))}"


class Provider:
    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": KID, "use": "sig", "alg": "RS256"})
        self.stranger = RSAKey.generate_key(2048, {"kid": KID})
        self.codes: dict[str, dict[str, str]] = {}
        self.address = ""
        self.fault = ""
        self.claims: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.access_tokens: set[str] = set()

    def behave(
        self,
        fault: str = "",
        claims: dict[str, Any] | None = None,
        told: dict[str, Any] | None = None,
    ) -> None:
        """`claims` are in the ID token, what is `told` only at the address for that."""
        self.fault, self.claims, self.told = fault, claims or {"sub": "somebody"}, told or {}

    def discovery(self) -> dict[str, Any]:
        issuer = "https://elsewhere.example" if self.fault == "other issuer" else self.address
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next; everybody agrees at once."""
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        if self.fault == "denied":
            answer = {"error": "access_denied", "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, posted: dict[str, str], authorization: str) -> dict[str, Any]:
        """Raises KeyError, AssertionError for what a provider refuses."""
        credentials = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        assert credentials == f"{CLIENT}:{SECRET}"
        asked = self.codes.pop(posted["code"])
        verifier = hashlib.sha256(posted["code_verifier"].encode()).digest()
        assert _base64(verifier) == asked["code_challenge"]
        assert posted["redirect_uri"] == asked["redirect_uri"]
        answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        self.access_tokens.add(answer["access_token"])
        if self.fault != "no id token":
            answer["id_token"] = self.id_token(asked["nonce"])
        return answer

    def userinfo(self, authorization: str) -> dict[str, Any]:
        assert authorization.removeprefix("Bearer ") in self.access_tokens
        return {"sub": self.claims["sub"], **self.told}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.claims,
            **CROOKED.get(self.fault, lambda _now: {})(now),
        }
        if self.fault == "no nonce":
            del claims["nonce"]
        return self.signed(claims)

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": KID}
        if self.fault == "alg none":
            return f"{_segment({'alg': 'none', 'kid': KID})}.{_segment(claims)}."
        if self.fault == "our own secret":
            return _with_hmac(claims, SECRET.encode())
        if self.fault == "public key as secret":
            return _with_hmac(claims, self.key.as_pem(private=False))
        key = self.stranger if self.fault == "stranger's key" else self.key
        text = jwt.encode(header, claims, key)
        if self.fault == "changed":
            head, _body, signature = text.split(".")
            return f"{head}.{_segment({**claims, 'sub': 'somebody else'})}.{signature}"
        return text


CROOKED: dict[str, Callable[[int], dict[str, Any]]] = {
    "wrong nonce": lambda _now: {"nonce": "of another browser"},
    "wrong audience": lambda _now: {"aud": "another-client"},
    "wrong issuer": lambda _now: {"iss": "https://elsewhere.example"},
    "expired": lambda now: {"iat": now - 600, "exp": now - 300},
    "clock behind": lambda now: {"iat": now - 330, "exp": now - 30},
    "clock ahead": lambda now: {"iat": now + 30},
    "from the future": lambda now: {"iat": now + 3600, "nbf": now + 3600},
}


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if self.provider.fault == "broken":
            self.answer(500, {})
        elif path.path == "/authorize":
            self.send_response(302)
            there = self.provider.authorize(dict(parse_qsl(path.query)))
            self.send_header("Location", there)
            self.end_headers()
        elif path.path == "/userinfo":
            self.answer(200, self.provider.userinfo(self.headers["Authorization"]))
        elif path.path == "/jwks":
            self.answer(200, self.provider.jwks())
        else:
            self.answer(200, self.provider.discovery())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/behave":
            self.provider.behave(**json.loads(body))
            self.answer(200, {})
        elif self.provider.fault in {"broken", "broken at last"}:
            self.answer(500, {})
        else:
            self.issue({name: values[0] for name, values in parse_qs(body).items()})

    def issue(self, posted: dict[str, str]) -> None:
        try:
            token = self.provider.token(posted, self.headers.get("Authorization", ""))
        except (KeyError, AssertionError):
            self.answer(400, {"error": "invalid_grant"})
        else:
            self.answer(200, token)

    def answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


def main() -> None:
    provider = Provider()
    provider.behave()
    Handler.provider = provider
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(provider.address + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
