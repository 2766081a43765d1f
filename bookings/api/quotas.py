"""Reading and changing the places of windows, at the partner's offices."""

import re
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bookings.api.examples import BELOW_TAKEN, QUOTA, QUOTA_REQUEST
from bookings.api.refusals import RefusalSerializer, RefusingView
from bookings.api.requests import MAX_ID, QuotaRequest
from bookings.api.serializers import QuotaSerializer
from bookings.domain.errors import ChangedMeanwhile
from bookings.domain.parties import Actor
from bookings.domain.quotas import set_quota
from bookings.models import Quota
from partners.api.authentication import caller
from partners.api.idempotency import idempotent
from partners.api.permissions import HasScope
from partners.api.problems import Problem
from partners.api.schema import IDEMPOTENCY_KEY, refusal
from partners.enums import Scope

_READERS = (Scope.QUOTAS_READ, Scope.QUOTAS_WRITE)


class QuotaQuery(serializers.Serializer[Any]):
    office = serializers.CharField(required=False, max_length=40, help_text="Its code.")
    line = serializers.CharField(required=False, max_length=40, help_text="Its code.")
    date = serializers.DateField(required=False, help_text="A day on the office's clock.")
    slot = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)

    LOOKUPS: ClassVar = {
        "office": "slot__office__code",
        "line": "slot__line__code",
        "date": "slot__date",
        "slot": "slot",
    }


class QuotaBase(RefusingView, generics.GenericAPIView[Quota]):
    permission_classes = [HasScope]
    serializer_class = QuotaSerializer

    def get_queryset(self) -> QuerySet[Quota]:
        reachable = Quota.objects.filter(slot__office__in=caller(self.request).office_ids)
        return reachable.select_related("slot__office", "slot__line")


class QuotaList(QuotaBase, generics.ListAPIView[Quota]):
    scopes: ClassVar = {"GET": _READERS}
    ordering = "pk"

    def get_queryset(self) -> QuerySet[Quota]:
        query = QuotaQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        wanted = {QuotaQuery.LOOKUPS[name]: value for name, value in query.validated_data.items()}
        return super().get_queryset().filter(**wanted)

    @extend_schema(
        tags=["Quotas"],
        summary="List quotas",
        parameters=[QuotaQuery],
        responses={200: QuotaSerializer(many=True), **refusal(403, "forbidden")},
        examples=[QUOTA],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The places of windows by pool, at the partner's offices."""
        return super().get(request, *args, **kwargs)


class QuotaDetail(QuotaBase):
    scopes: ClassVar = {"GET": _READERS, "PATCH": (Scope.QUOTAS_WRITE,)}

    @extend_schema(
        tags=["Quotas"],
        summary="Read a quota",
        responses={
            200: QuotaSerializer,
            **refusal(403, "forbidden"),
            **refusal(404, "not_found"),
        },
        examples=[QUOTA],
    )
    def get(self, request: Request, pk: int) -> Response:  # noqa: ARG002
        """Its ETag is what a change names in If-Match."""
        return _answer(self.get_object())

    @extend_schema(
        tags=["Quotas"],
        summary="Change a quota",
        request=QuotaRequest,
        parameters=[
            OpenApiParameter(
                "If-Match",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description='The version that the change is based on, quoted: `"3"`.',
            ),
            IDEMPOTENCY_KEY,
        ],
        responses={
            200: QuotaSerializer,
            **refusal(400, "invalid"),
            **refusal(403, "forbidden"),
            **refusal(404, "not_found"),
            **refusal(
                409,
                "below_taken",
                "slot_over",
                "idempotency_in_flight",
                serializer=RefusalSerializer,
                example=BELOW_TAKEN,
            ),
            **refusal(412, "changed_meanwhile", serializer=RefusalSerializer),
            **refusal(422, "idempotency_reused"),
            **refusal(428, "precondition_required"),
        },
        examples=[QUOTA_REQUEST, QUOTA],
    )
    @idempotent
    def patch(self, request: Request, pk: int) -> Response:
        """Counts from the next booking on, and is kept with its reason. Never below what is
        taken; never over a change that the caller hasn't seen."""
        quota = self.get_object()
        version = _version_seen(request, quota)
        asked = QuotaRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        actor = Actor(partner=caller(request).partner)
        set_quota(pk, **asked.validated_data, version=version, actor=actor, now=timezone.now())
        return _answer(self.get_object())


def _version_seen(request: Request, quota: Quota) -> int:
    """From If-Match. An ETag that we never gave out, and `*`, match no version."""
    header = request.headers.get("If-Match")
    if header is None:
        told = _("Name the version that you read in If-Match, so that no change is lost.")
        raise Problem(428, "precondition_required", told)
    etag = re.fullmatch(r'"(\d{1,9})"', header.strip())
    if etag is None:
        raise ChangedMeanwhile(quota.pk, quota.version, quota.capacity)
    return int(etag[1])


def _answer(quota: Quota) -> Response:
    return Response(QuotaSerializer(quota).data, headers={"ETag": f'"{quota.version}"'})
