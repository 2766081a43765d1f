"""Text messages by Alibaba Cloud (阿里云短信服务), by its own SDK.

Codes: https://help.aliyun.com/zh/sms/developer-reference/api-error-codes
"""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings

from applicants.gateways import GatewayRefused, OutcomeUnknown, SendResult, Words
from applicants.gateways.trouble import CONNECT_SECONDS, READ_SECONDS, never_connected
from applicants.models import Message

if TYPE_CHECKING:
    from alibabacloud_dysmsapi20170525.client import Client

# Too much at once, or no money left: the same request may succeed later.
_LATER = {
    "isv.BUSINESS_LIMIT_CONTROL",
    "isv.DAY_LIMIT_CONTROL",
    "isv.MONTH_LIMIT_CONTROL",
    "isv.OUT_OF_SERVICE",
    "isv.AMOUNT_NOT_ENOUGH",
    "isp.SYSTEM_ERROR",
    "ServiceUnavailable",
}
# The carrier was asked, and what came of it isn't known.
_UNKNOWN = {"isp.GATEWAY_ERROR", "isp.UNKNOWN_ERR_CODE", "InternalError"}
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


class AlibabaSmsGateway:
    at_once = 32

    def send(self, message: Message, words: Words) -> SendResult:
        from darabonba.exceptions import ResponseException

        try:
            answer = self._ask(message, words)
        except ResponseException as error:
            raise _refusal(error.code or "", error.status_code or _SERVER_ERROR, error) from None
        except Exception as error:
            if never_connected(error):
                raise GatewayRefused("unreachable") from None
            raise
        if answer.code != "OK":
            raise _refusal(answer.code, 200)
        return SendResult(answer.biz_id or "")

    def _ask(self, message: Message, words: Words) -> Any:
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest
        from darabonba.runtime import RuntimeOptions

        template = words.filled(settings.ALIBABA_SMS_TEMPLATES)
        request = SendSmsRequest(
            phone_numbers=_number(message.recipient),
            sign_name=settings.ALIBABA_SMS_SIGNATURE,
            template_code=template.code,
            template_param=json.dumps(template.values, ensure_ascii=False),
            out_id=str(message.pk),
        )
        patience = RuntimeOptions(
            connect_timeout=CONNECT_SECONDS * 1000, read_timeout=READ_SECONDS * 1000
        )
        return self._client.send_sms_with_options(request, patience).body

    @cached_property
    def _client(self) -> "Client":
        # Its imports take a second, which only workers that send by it need.
        from alibabacloud_dysmsapi20170525.client import Client
        from alibabacloud_tea_openapi.utils_models import Config

        protocol, _separator, host = settings.ALIBABA_SMS_ENDPOINT.partition("://")
        return Client(
            Config(
                access_key_id=settings.ALIBABA_SMS_KEY_ID,
                access_key_secret=settings.ALIBABA_SMS_KEY_SECRET,
                endpoint=host,
                protocol=protocol.upper(),
            )
        )


def _number(e164: str) -> str:
    """Mainland numbers without the country's code, others with it; never with a plus."""
    return e164.removeprefix("+86") if e164.startswith("+86") else e164.removeprefix("+")


def _refusal(code: str, status: int, error: Exception | None = None) -> Exception:
    if code in _LATER or code.startswith("Throttling") or status == _TOO_MANY_REQUESTS:
        return GatewayRefused(code)
    if code in _UNKNOWN or status >= _SERVER_ERROR:
        return error or OutcomeUnknown(code)
    return GatewayRefused(code, final=True)
