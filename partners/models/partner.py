"""Integrators and their keys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partners.enums import Scope


class Partner(models.Model):
    """An integrator: a city's WeChat account, the 114 desk, a kiosk operator, a platform.

    `offices` limits what it may reach.
    """

    name = models.CharField(max_length=100, unique=True)
    offices = models.ManyToManyField("offices.Office", related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ApiKey(models.Model):
    """A bearer key. The secret is shown once; only its SHA-256 is kept (it has 256 bits)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope))
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["prefix"]

    def __str__(self) -> str:
        return self.prefix
