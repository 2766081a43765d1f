"""Members of a household: the people whom an account books for."""

import datetime as dt

from django.db import models

from applicants.enums import IdType, Priority, Relation
from applicants.fields import EncryptedTextField
from applicants.identity import Identity, mask_number
from applicants.models.account import Account


class Applicant(models.Model):
    """A person in the household of an account. The same person may be in two households."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="household")
    relation = models.CharField(max_length=10, choices=Relation, default=Relation.SELF)
    name = EncryptedTextField()
    id_type = models.CharField(max_length=20, choices=IdType)
    id_number = EncryptedTextField()
    identity_hash = models.BinaryField(max_length=32)
    # ISO date; typed by the applicant where the number doesn't carry it.
    birth_date_text = EncryptedTextField()
    nationality = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NONE)
    # As they state it; checked at the counter. Sessions may be for students or residents only.
    is_student = models.BooleanField(default=False, db_default=False)
    home_city = models.CharField(max_length=40, blank=True, default="", db_default="")
    # ISO date of the document that they hold, to be told when it may be renewed (WH-14).
    document_expires_text = EncryptedTextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    # The day of the last visit, known once the visit's own details are emptied.
    used_on = models.DateField(null=True, blank=True)
    # When the account was told that this person will be deleted for want of use.
    warned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "identity_hash"], name="applicant_once_in_household"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def birth_date(self) -> dt.date:
        return dt.date.fromisoformat(self.birth_date_text)

    @property
    def document_expires(self) -> dt.date | None:
        text = self.document_expires_text
        return dt.date.fromisoformat(text) if text else None

    @property
    def masked_number(self) -> str:
        return mask_number(self.id_number)

    @property
    def identity(self) -> Identity:
        return Identity(self.id_type, self.id_number)
