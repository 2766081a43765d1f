"""Text messages by Tencent Cloud (腾讯云短信), by its own SDK.

Codes: https://cloud.tencent.com/document/product/382/59177
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings

from applicants.gateways import GatewayRefused, OutcomeUnknown, SendResult, Words
from applicants.gateways.trouble import CONNECT_SECONDS, READ_SECONDS, never_connected
from applicants.models import Message

if TYPE_CHECKING:
    from tencentcloud.sms.v20210111.sms_client import SmsClient

# Too much at once, or no money left: the same request may succeed later.
_LATER = (
    "LimitExceeded",
    "RequestLimitExceeded",
    "FailedOperation.InsufficientBalanceInSmsPackage",
    "UnauthorizedOperation.ServiceSuspendDueToArrears",
)
# This number has had enough for hours, or is in a country where none go: others may be reached.
_NEVER = (
    "LimitExceeded.PhoneNumber",
    "LimitExceeded.AppCountryOrRegionInBlacklist",
    "InternalError.SigFieldMissing",
    "InternalError.SigVerificationFail",
    "InternalError.RequestTimeException",
    "InternalError.RestApiInterfaceNotExist",
)
_TOO_BUSY = (429, 503)
# Refusals have two parts, "what.why"; these may have come after the message had left.
_ON_THE_WAY = ("InternalError", "ServerNetworkError", "ClientNetworkError")


class TencentSmsGateway:
    # As many as the SDK keeps connections for.
    at_once = 10

    def send(self, message: Message, words: Words) -> SendResult:
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import (
            TencentCloudSDKException,
        )

        try:
            answer = self._client.call_json("SendSms", _request(message, words))
        except TencentCloudSDKException as error:
            if never_connected(error):
                raise GatewayRefused("unreachable") from None
            raise _refusal(str(error.code), error) from None
        (status,) = answer["Response"]["SendStatusSet"]
        if status["Code"] != "Ok":
            raise _refusal(status["Code"])
        return SendResult(status["SerialNo"])

    @cached_property
    def _client(self) -> "SmsClient":
        # Its imports take a while, which only workers that send by it need.
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.sms.v20210111.sms_client import SmsClient

        class Client(SmsClient):
            def _check_status(self, resp_inter: requests.Response) -> None:
                # The SDK doesn't say which status it was.
                if resp_inter.status_code in _TOO_BUSY:
                    resp_inter.close()
                    raise GatewayRefused(f"http_{resp_inter.status_code}")
                super()._check_status(resp_inter)

        protocol, _separator, host = settings.TENCENT_SMS_ENDPOINT.partition("://")
        patience = (CONNECT_SECONDS, READ_SECONDS)
        profile = HttpProfile(protocol=protocol, endpoint=host, reqTimeout=patience)
        return Client(
            Credential(settings.TENCENT_SMS_KEY_ID, settings.TENCENT_SMS_KEY_SECRET),
            settings.TENCENT_SMS_REGION,
            ClientProfile(httpProfile=profile),
        )


def _request(message: Message, words: Words) -> dict[str, Any]:
    template = words.filled(settings.TENCENT_SMS_TEMPLATES)
    return {
        "PhoneNumberSet": [message.recipient],
        "SmsSdkAppId": settings.TENCENT_SMS_APP_ID,
        "SignName": settings.TENCENT_SMS_SIGNATURE,
        "TemplateId": template.code,
        # Its gaps have numbers: {1} is the first of ours.
        "TemplateParamSet": list(template.values.values()),
        "SessionContext": str(message.pk),
    }


def _refusal(code: str, error: Exception | None = None) -> Exception:
    if code.startswith(_NEVER):
        return GatewayRefused(code, final=True)
    if code.startswith(_LATER):
        return GatewayRefused(code)
    if code.startswith(_ON_THE_WAY) or "." not in code:
        return error or OutcomeUnknown(code)
    return GatewayRefused(code, final=True)
