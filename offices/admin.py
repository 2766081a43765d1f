"""The catalogue, for those who keep it. What changes here is published by bookings."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from offices.domain.policy import validate_policy, validate_shares
from offices.models import (
    Bureau,
    Closure,
    Counter,
    Holiday,
    Membership,
    Office,
    OfficeService,
    OpeningHours,
    Service,
    ServiceGuide,
    ServiceLine,
    Session,
)


class PolicyForm(forms.ModelForm):
    def clean_policy(self) -> dict[str, Any]:
        policy = self.cleaned_data["policy"] or {}
        validate_policy(policy)
        return policy


class SharesForm(forms.ModelForm):
    def clean_shares(self) -> dict[str, int] | None:
        shares = self.cleaned_data["shares"] or None
        if shares is not None:
            validate_shares(shares)
        return shares


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    form = SharesForm
    extra = 0


class SessionInline(admin.TabularInline):
    model = Session
    form = SharesForm
    extra = 0
    exclude = ["created_by"]


class ClosureInline(admin.TabularInline):
    model = Closure
    extra = 0
    exclude = ["created_by"]


class CounterInline(admin.TabularInline):
    model = Counter
    extra = 0


class OfficeServiceInline(admin.TabularInline):
    model = OfficeService
    extra = 0


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    raw_id_fields = ["account"]


@admin.register(Bureau)
class BureauAdmin(admin.ModelAdmin):
    form = PolicyForm
    list_display = ["code", "name", "level", "parent"]
    search_fields = ["code", "name", "name_en"]
    inlines = [MembershipInline]


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    form = PolicyForm
    list_display = ["code", "name", "city", "kind", "is_active", "demo"]
    list_filter = ["city", "kind", "is_active"]
    search_fields = ["code", "name", "name_en", "city", "district"]
    inlines = [
        OpeningHoursInline,
        SessionInline,
        ClosureInline,
        CounterInline,
        OfficeServiceInline,
        MembershipInline,
    ]

    def save_formset(
        self, request: HttpRequest, form: forms.Form, formset: Any, change: bool
    ) -> None:
        """Notes who added a session or a closure."""
        for added in formset.extra_forms:
            if hasattr(added.instance, "created_by"):
                added.instance.created_by = request.user
        super().save_formset(request, form, formset, change)


class ServiceGuideInline(admin.StackedInline):
    """Guides are added, never changed: bookings keep the one that they were made under."""

    model = ServiceGuide
    extra = 0

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["code", "name", "line", "document", "matter", "is_active"]
    list_filter = ["line", "document", "is_active"]
    search_fields = ["code", "name", "name_en"]
    inlines = [ServiceGuideInline]


@admin.register(ServiceLine)
class ServiceLineAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "name_en", "sort_order"]


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ["date", "name", "kind", "provisional"]
    list_filter = ["kind", "provisional"]
    date_hierarchy = "date"
