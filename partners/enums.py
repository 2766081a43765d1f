"""What a key may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    BOOKINGS_READ = "bookings:read", _("Read bookings")
    BOOKINGS_WRITE = "bookings:write", _("Make and change bookings")
    QUOTAS_READ = "quotas:read", _("Read quotas")
    QUOTAS_WRITE = "quotas:write", _("Change quotas")
