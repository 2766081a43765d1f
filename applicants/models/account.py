"""Who is signed in: citizens by a one-time code, staff by password and authenticator."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from applicants.crypto import keyed_hash
from applicants.enums import Medium
from applicants.fields import EncryptedTextField


class AccountManager(BaseUserManager["Account"]):
    def create_staff(self, username: str, password: str | None, **fields: Any) -> "Account":
        account = self.model(username=username, is_staff=True, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(
        self, username: str, password: str | None = None, **fields: Any
    ) -> "Account":
        return self.create_staff(username, password, is_superuser=True, **fields)

    def for_contact(self, medium: str, address: str) -> "tuple[Account, bool]":
        """The citizen who owns this phone number or e-mail address, made when new."""
        digest = contact_hash(medium, address)
        account, created = self.get_or_create(
            contact_hash=digest,
            defaults={"contact": address, "medium": medium, "password": "!"},
        )
        return account, created


def contact_hash(medium: str, address: str) -> bytes:
    return keyed_hash(f"{medium}:{address.lower()}", "contact")


class Account(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Citizens have a contact, staff have a username."""

    username = models.CharField(max_length=150, unique=True, null=True, blank=True)
    display_name = models.CharField(max_length=60, blank=True)
    medium = models.CharField(max_length=10, choices=Medium, blank=True)
    contact = EncryptedTextField(blank=True, default="")
    contact_hash = models.BinaryField(max_length=32, null=True, blank=True, unique=True)
    # JSON [[medium, address], …]: the verified contact points in their order, kept here as well so
    # that writing a message reads no other table. Empty as long as there are none.
    reach = EncryptedTextField(blank=True, default="", db_default="")
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When its holder was told that it will be deleted for want of use.
    warned_at = models.DateTimeField(null=True, blank=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(username__isnull=False) | Q(contact_hash__isnull=False),
                name="account_username_or_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username or f"#{self.pk}"

    def get_username(self) -> str:
        return self.username or ""

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How messages reach the holder: medium and address, the preferred one first."""
        if self.reach:
            return [(medium, address) for medium, address in json.loads(self.reach)]
        return [(self.medium, self.contact)] if self.contact else []
