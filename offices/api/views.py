"""Reading offices and services: open to anyone, a key is not needed."""

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny

from offices.api.examples import OFFICE, SERVICE
from offices.api.serializers import OfficeSerializer, ServiceSerializer
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


class OfficeView(generics.GenericAPIView[Office]):
    """Active offices with what they offer today, in two statements."""

    permission_classes = [AllowAny]
    serializer_class = OfficeSerializer

    def get_queryset(self) -> OfficeQuerySet:
        offered = (
            OfficeService.objects.in_force(timezone.localdate())
            .filter(service__is_active=True)
            .select_related("service__line")
            .order_by("service__sort_order", "service__code")
        )
        return Office.objects.bookable().prefetch_related(
            Prefetch("permissions", queryset=offered, to_attr="offered")
        )


@extend_schema(tags=["Offices"], summary="List offices", examples=[OFFICE])
@extend_schema_view(get=extend_schema(parameters=[OfficeQuery]))
class OfficeList(OfficeView, generics.ListAPIView[Office]):
    """Offices by code, filtered by city and by the services that they offer."""

    ordering = "code"

    def get_queryset(self) -> OfficeQuerySet:
        query = OfficeQuery(data=self.request.query_params)
        query.is_valid(raise_exception=True)
        offices = super().get_queryset()
        if city := query.validated_data.get("city"):
            offices = offices.filter(Q(city__iexact=city) | Q(city_en__iexact=city))
        codes = query.validated_data.get("service", [])
        return offices.offering(codes, timezone.localdate())


@extend_schema(tags=["Offices"], summary="Read an office", examples=[OFFICE])
class OfficeDetail(OfficeView, generics.RetrieveAPIView[Office]):
    """One office by its code."""

    lookup_field = "code"


class ServiceView(generics.GenericAPIView[Service]):
    """Active services with their line and guide of today, in two statements."""

    permission_classes = [AllowAny]
    serializer_class = ServiceSerializer

    def get_queryset(self) -> QuerySet[Service]:
        guides = ServiceGuide.objects.in_force(timezone.localdate())
        return (
            Service.objects.filter(is_active=True)
            .select_related("line")
            .prefetch_related(Prefetch("guides", queryset=guides, to_attr="guides_in_force"))
        )


@extend_schema(tags=["Services"], summary="List services", examples=[SERVICE])
class ServiceList(ServiceView, generics.ListAPIView[Service]):
    """Services by code, with materials, fee and processing time as they are today."""

    ordering = "code"


@extend_schema(tags=["Services"], summary="Read a service", examples=[SERVICE])
class ServiceDetail(ServiceView, generics.RetrieveAPIView[Service]):
    """One service by its code."""

    lookup_field = "code"
