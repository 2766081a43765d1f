"""Subscribe messages of a WeChat account (服务号订阅通知), by its official HTTP interface.

https://developers.weixin.qq.com/doc/offiaccount/Subscription_Messages/api.html
"""

import re
import threading
import time
from typing import Any

import requests
from django.conf import settings

from applicants.gateways import GatewayRefused, OutcomeUnknown, SendResult, Words
from applicants.gateways.trouble import CONNECT_SECONDS, READ_SECONDS, never_connected
from applicants.models import Message

# So long before its end a token is fetched anew.
_TOKEN_MARGIN_SECONDS = 300
_TOKEN_REFUSED = {40001, 40014, 42001}
# The account may send no more today, asks too quickly, or the other side is busy: later.
_LATER = {-1, 45009, 45011, 45047}
_SERVER_ERROR = 500
_TOO_BUSY = (429, 503)
# What WeChat lets into a field of this kind.
_LONGEST = {"thing": 20, "character_string": 32, "number": 32, "phrase": 5, "name": 10}


class NotTold(Exception):
    """WeChat didn't say whose code it was."""


def follower_of(code: str) -> str:
    """Who came back from WeChat with this code (OpenID). Raises NotTold."""
    asked = {
        "appid": settings.WECHAT_APP_ID,
        "secret": settings.WECHAT_APP_SECRET,
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        answer = requests.get(
            f"{settings.WECHAT_ENDPOINT}/sns/oauth2/access_token",
            params=asked,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        )
        return str(answer.json()["openid"])
    except (requests.RequestException, ValueError, KeyError):
        raise NotTold from None


class WechatGateway:
    at_once = 16

    def __init__(self) -> None:
        self._http = requests.Session()
        self._http.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=self.at_once))
        self._fetching = threading.Lock()
        self._token, self._token_until = "", 0.0

    def send(self, message: Message, words: Words) -> SendResult:
        form = words.fields(settings.WECHAT_TEMPLATES)
        asked = {
            "touser": message.recipient,
            "template_id": form.code,
            "data": {field: {"value": _cut(field, text)} for field, text in form.values.items()},
        }
        answer = self._ask_with_token(asked)
        if answer["errcode"] in _TOKEN_REFUSED:
            # Somebody else had a new one made. This one was refused, so nothing was sent.
            self._token_until = 0
            answer = self._ask_with_token(asked)
        code = answer["errcode"]
        if code:
            raise GatewayRefused(f"wechat_{code}", final=code not in _LATER | _TOKEN_REFUSED)
        return SendResult(str(answer.get("msgid", "")))

    def _ask_with_token(self, asked: dict[str, Any]) -> dict[str, Any]:
        path = f"/cgi-bin/message/subscribe/bizsend?access_token={self._current_token()}"
        return self._post(path, asked)

    def _current_token(self) -> str:
        with self._fetching:
            if time.monotonic() >= self._token_until:
                self._fetch_token()
            return self._token

    def _fetch_token(self) -> None:
        """The "stable" one, which all workers share: asking for it doesn't end that of others."""
        asked = {
            "grant_type": "client_credential",
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_APP_SECRET,
        }
        try:
            answer = self._post("/cgi-bin/stable_token", asked)
        except (OutcomeUnknown, requests.RequestException, ValueError):
            raise GatewayRefused("no_token") from None
        if "access_token" not in answer:
            raise GatewayRefused(f"token_{answer.get('errcode')}")
        self._token = answer["access_token"]
        self._token_until = time.monotonic() + answer["expires_in"] - _TOKEN_MARGIN_SECONDS

    def _post(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(
                settings.WECHAT_ENDPOINT + path,
                json=asked,
                timeout=(CONNECT_SECONDS, READ_SECONDS / 2),
            )
        except requests.RequestException as error:
            if never_connected(error):
                raise GatewayRefused("unreachable") from None
            raise
        if answer.status_code in _TOO_BUSY:
            raise GatewayRefused(f"http_{answer.status_code}")
        if answer.status_code >= _SERVER_ERROR:
            raise OutcomeUnknown(f"http_{answer.status_code}")
        said: dict[str, Any] = answer.json()
        return said


def _cut(field: str, text: str) -> str:
    """`field` is named after its kind, e.g. thing3."""
    longest = _LONGEST.get(re.sub(r"[0-9.].*", "", field))
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1]}…"
