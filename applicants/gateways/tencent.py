"""Text messages by Tencent Cloud (腾讯云短信), by its own SDK.

Codes: https://cloud.tencent.com/document/product/382/59177
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

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
_ON_THE_WAY = ("InternalError", "ServerNetworkError", "ClientNetworkError")


class TencentSmsGateway:
    # As many as the SDK keeps connections for.
    at_once = 10

    def send(self, message: Message, words: Words) -> SendResult:
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import (
            TencentCloudSDKException,
        )

        try:
            answer = self._ask(message, words)
        except TencentCloudSDKException as error:
            if never_connected(error):
                raise GatewayRefused("unreachable") from None
            raise _refusal(str(error.code), error) from None
        status = answer.SendStatusSet[0]
        if status.Code != "Ok":
            raise _refusal(status.Code)
        return SendResult(status.SerialNo)

    def _ask(self, message: Message, words: Words) -> Any:
        from tencentcloud.sms.v20210111.models import SendSmsRequest

        template = words.filled(settings.TENCENT_SMS_TEMPLATES)
        request = SendSmsRequest()
        request.PhoneNumberSet = [message.recipient]
        request.SmsSdkAppId = settings.TENCENT_SMS_APP_ID
        request.SignName = settings.TENCENT_SMS_SIGNATURE
        request.TemplateId = template.code
        # Its gaps have numbers: {1} is the first of ours.
        request.TemplateParamSet = list(template.values.values())
        request.SessionContext = str(message.pk)
        return self._client.SendSms(request)

    @cached_property
    def _client(self) -> "SmsClient":
        # Its imports take a while, which only workers that send by it need.
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.sms.v20210111.sms_client import SmsClient

        protocol, _separator, host = settings.TENCENT_SMS_ENDPOINT.partition("://")
        patience = (CONNECT_SECONDS, READ_SECONDS)
        profile = HttpProfile(protocol=protocol, endpoint=host, reqTimeout=patience)
        return SmsClient(
            Credential(settings.TENCENT_SMS_KEY_ID, settings.TENCENT_SMS_KEY_SECRET),
            settings.TENCENT_SMS_REGION,
            ClientProfile(httpProfile=profile),
        )


def _refusal(code: str, error: Exception | None = None) -> Exception:
    if code.startswith(_NEVER):
        return GatewayRefused(code, final=True)
    if code.startswith(_LATER):
        return GatewayRefused(code)
    if code.startswith(_ON_THE_WAY) or "." not in code:
        return error or OutcomeUnknown(code)
    return GatewayRefused(code, final=True)
