"""Hands each message to the gateway of its medium."""

from functools import cached_property

import structlog
from django.utils.module_loading import import_string

from applicants.enums import Medium
from applicants.gateways import Gateway, GatewayRefused, SendResult, Words, gateway_names
from applicants.models import Message

log = structlog.get_logger(__name__)

GATEWAYS = {
    "alibaba": "applicants.gateways.alibaba.AlibabaSmsGateway",
    "tencent": "applicants.gateways.tencent.TencentSmsGateway",
    "email": "applicants.gateways.email.EmailGateway",
    "wechat": "applicants.gateways.wechat.WechatGateway",
}


class RouterGateway:
    """Where a medium has two gateways, the second is asked for what the first could not take now.

    What the first refused for good, the second would refuse as well, and what may have left is
    asked of nobody else.
    """

    @cached_property
    def at_once(self) -> int:
        """All that are in flight may be of one medium."""
        return min((gateway.at_once for each in self._ways.values() for gateway in each), default=1)

    def send(self, message: Message, words: Words) -> SendResult:
        refusal = GatewayRefused("no_gateway", final=True)
        for gateway in self._ways[Medium(message.medium)]:
            try:
                return gateway.send(message, words)
            except GatewayRefused as refused:
                refusal = refused
            if refusal.final:
                break
        raise refusal

    @cached_property
    def _ways(self) -> dict[Medium, list[Gateway]]:
        return {
            medium: [_made(name) for name in names] for medium, names in gateway_names().items()
        }


def _made(name: str) -> Gateway:
    gateway: Gateway = import_string(GATEWAYS[name])()
    return gateway
