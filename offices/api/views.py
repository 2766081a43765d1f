"""Reading offices and services: open to anyone, a key is not needed."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from offices.api.examples import OFFICE, SERVICE
from offices.api.serializers import OfficeSerializer, ServiceSerializer
from offices.domain import catalogue
from offices.models import Office, OfficeService, Service, ServiceGuide
from offices.models.organisation import OfficeQuerySet


class OfficeQuery(serializers.Serializer[None]):
    city = serializers.CharField(
        required=False, max_length=60, help_text="Name of a city, in Chinese or English."
    )
    service = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        help_text="Code of a service that the office offers; repeated: all of them.",
    )

    def validate_service(self, codes: list[str]) -> list[str]:
        known = set(Service.objects.filter(code__in=codes).values_list("code", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            told = _("There is no service with the code %(code)s.")
            raise serializers.ValidationError([told % {"code": code} for code in unknown])
        return codes


@catalogue.kept(500)
def _offices(ids: tuple[int, ...], day: dt.date) -> list[dict[str, Any]]:
    """These offices in their order, with what they offer on that day."""
    offered = (
        OfficeService.objects.in_force(day)
        .filter(service__is_active=True)
        .annotate(live_from=Min("service__guides__valid_from"))
        .exclude(live_from__gt=day)
        .select_related("service__line")
        .order_by("service__sort_order", "service__code")
    )
    offices = Office.objects.prefetch_related(
        Prefetch("permissions", queryset=offered, to_attr="offered")
    ).in_bulk(ids)
    found = [offices[pk] for pk in ids if pk in offices]
    return [dict(row) for row in OfficeSerializer(found, many=True).data]


@catalogue.kept(100)
def _services(ids: tuple[int, ...], day: dt.date) -> list[dict[str, Any]]:
    """These services in their order, with their guides of that day."""
    guides = ServiceGuide.objects.in_force(day)
    services = (
        Service.objects.select_related("line")
        .prefetch_related(Prefetch("guides", queryset=guides, to_attr="guides_in_force"))
        .in_bulk(ids)
    )
    found = [services[pk] for pk in ids if pk in services]
    return [dict(row) for row in ServiceSerializer(found, many=True).data]


Shapes = Callable[[tuple[int, ...], dt.date], list[dict[str, Any]]]


@method_decorator(conditional_page, name="dispatch")
class _KeptList(generics.ListAPIView[Any]):
    """Asks which rows a page has; how they look is kept as long as the catalogue stays."""

    permission_classes = [AllowAny]
    ordering = "code"
    shapes: Shapes

    def list(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ARG002
        page = self.paginate_queryset(self.get_queryset().values("pk", "code")) or []
        ids = tuple(row["pk"] for row in page)
        return self.get_paginated_response(self.shapes(ids, timezone.localdate()))


@method_decorator(conditional_page, name="dispatch")
class _KeptDetail(generics.RetrieveAPIView[Any]):
    """One row by its code, kept as long as the catalogue stays."""

    permission_classes = [AllowAny]
    lookup_field = "code"
    shapes: Shapes

    def retrieve(self, request: Request, code: str) -> Response:  # noqa: ARG002
        found = self.ids().get(code)
        rows = self.shapes((found,), timezone.localdate()) if found else []
        if not rows:
            raise Http404
        return Response(rows[0])

    def ids(self) -> Mapping[str, int]:
        raise NotImplementedError


@extend_schema(tags=["Offices"], summary="List offices", examples=[OFFICE])
@extend_schema_view(get=extend_schema(parameters=[OfficeQuery]))
class OfficeList(_KeptList):
    """Offices by code, filtered by city and by the services that they offer."""

    serializer_class = OfficeSerializer
    shapes = staticmethod(_offices)

    def get_queryset(self) -> OfficeQuerySet:
        query = OfficeQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        offices = Office.objects.bookable()
        if city := query.validated_data.get("city"):
            offices = offices.filter(Q(city__iexact=city) | Q(city_en__iexact=city))
        codes = query.validated_data.get("service", [])
        return offices.offering(codes, timezone.localdate())


@extend_schema(tags=["Offices"], summary="Read an office", examples=[OFFICE])
class OfficeDetail(_KeptDetail):
    """One office by its code."""

    serializer_class = OfficeSerializer
    queryset = Office.objects.bookable()
    shapes = staticmethod(_offices)

    def ids(self) -> Mapping[str, int]:
        return catalogue.active_offices()


@extend_schema(tags=["Services"], summary="List services", examples=[SERVICE])
class ServiceList(_KeptList):
    """Services by code, with materials, fee and processing time as they are today."""

    serializer_class = ServiceSerializer
    shapes = staticmethod(_services)

    def get_queryset(self) -> QuerySet[Service]:
        shown = catalogue.public_services(timezone.localdate())
        return Service.objects.filter(code__in=[*shown])


@extend_schema(tags=["Services"], summary="Read a service", examples=[SERVICE])
class ServiceDetail(_KeptDetail):
    """One service by its code."""

    serializer_class = ServiceSerializer
    queryset = Service.objects.filter(is_active=True)
    shapes = staticmethod(_services)

    def ids(self) -> Mapping[str, int]:
        shown = catalogue.public_services(timezone.localdate())
        return {code: service.pk for code, service in shown.items()}
