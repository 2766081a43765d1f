"""Enterprises, schools and travel agencies that book for many people (企业团体预约)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applicants.enums import GroupKind, GroupState
from applicants.fields import EncryptedTextField


class Group(models.Model):
    """An organisation whose members may book for more people than a household has.

    It asks; a member of staff who has seen its licence admits it (HB-26, WH-17).
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=GroupKind)
    # Unified social credit code (GB 32100): public; one group each that may book, or asks to.
    credit_code = models.CharField(max_length=18)
    contact_name = EncryptedTextField(blank=True, default="")
    contact_phone = EncryptedTextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=GroupState, default=GroupState.ASKED)
    # The code of the office that it asked.
    office_code = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(state__in=["refused", "lapsed"]),
                name="group_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """An account that may book in the name of a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships"
    )
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "account"], name="group_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}:{self.account_id}"
