"""Offices and services as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from offices.models import Office, Service, ServiceGuide


class LineSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()


class OfficeSerializer(serializers.ModelSerializer[Office]):
    """Reads `offered`: the permissions in force, with their services and lines."""

    lines = serializers.SerializerMethodField(help_text="What places are counted for.")
    services = serializers.SerializerMethodField(help_text="Codes of the services offered today.")

    class Meta:
        model = Office
        fields = (
            "code",
            "name",
            "name_en",
            "city",
            "city_en",
            "district",
            "district_en",
            "address",
            "address_en",
            "address_confirmed",
            "phone",
            "timezone",
            "kind",
            "lines",
            "services",
            "features",
            "note",
            "note_en",
            "demo",
        )

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, office: Any) -> Any:
        lines = {permission.service.line for permission in office.offered}
        in_order = sorted(lines, key=lambda line: (line.sort_order, line.code))
        return LineSerializer(in_order, many=True).data

    def get_services(self, office: Any) -> list[str]:
        return [permission.service.code for permission in office.offered]


class MaterialSerializer(serializers.Serializer[Any]):
    """One thing to bring; `note` says when it is needed or in what form."""

    name = serializers.CharField()
    name_en = serializers.CharField(default="")
    note = serializers.CharField(default="")
    note_en = serializers.CharField(default="")


class FeeSerializer(serializers.ModelSerializer[ServiceGuide]):
    amount = serializers.DecimalField(max_digits=8, decimal_places=2, source="fee")

    class Meta:
        model = ServiceGuide
        fields = ("amount", "currency", "valid_from")


class ServiceSerializer(serializers.ModelSerializer[Service]):
    """Reads `guides_in_force`: the guide of today, if there is one."""

    line = serializers.CharField(source="line.code")
    fee = serializers.SerializerMethodField(help_text="Null where no fee is fixed.")
    working_days = serializers.SerializerMethodField(help_text="Processing time.")
    working_days_elsewhere = serializers.SerializerMethodField(
        help_text="For people of another province, where that takes longer."
    )
    materials = serializers.SerializerMethodField(help_text="What to bring.")
    advice = serializers.SerializerMethodField()
    advice_en = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = (
            "code",
            "name",
            "name_en",
            "line",
            "document",
            "matter",
            "audience",
            "visit_needed",
            "fee",
            "working_days",
            "working_days_elsewhere",
            "modes",
            "external_url",
            "materials",
            "advice",
            "advice_en",
        )

    @extend_schema_field(FeeSerializer(allow_null=True))
    def get_fee(self, service: Any) -> Any:
        guide = _guide(service)
        return FeeSerializer(guide).data if guide and guide.fee is not None else None

    def get_working_days(self, service: Any) -> int | None:
        guide = _guide(service)
        return guide.working_days if guide else None

    def get_working_days_elsewhere(self, service: Any) -> int | None:
        guide = _guide(service)
        return guide.working_days_elsewhere if guide else None

    @extend_schema_field(MaterialSerializer(many=True))
    def get_materials(self, service: Any) -> Any:
        guide = _guide(service)
        return MaterialSerializer(guide.materials if guide else [], many=True).data

    def get_advice(self, service: Any) -> str:
        guide = _guide(service)
        return guide.advice if guide else ""

    def get_advice_en(self, service: Any) -> str:
        guide = _guide(service)
        return guide.advice_en if guide else ""


def _guide(service: Any) -> ServiceGuide | None:
    return service.guides_in_force[0] if service.guides_in_force else None
