"""Partners and their keys for administrators. Keys are made by `manage.py create_partner`."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partners.domain.keys import revoke
from partners.models import ApiKey, Partner


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    list_display = ("name", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name",)
    filter_horizontal = ("offices",)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    list_display = ("prefix", "partner", "scopes", "created_at", "last_used_at", "revoked_at")
    list_filter = ("partner",)
    list_select_related = ("partner",)
    fields = readonly_fields = list_display
    actions = ("revoke_keys",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:  # noqa: ARG002
        return False

    @admin.action(description=_("Revoke the chosen keys"), permissions=["change"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = revoke(queryset.values_list("pk", flat=True), timezone.now())
        told = ngettext("%(count)s key revoked.", "%(count)s keys revoked.", count)
        self.message_user(request, told % {"count": count})
