"""Model fields for personal data."""

from typing import Any

from django.db import models

from applicants.crypto import decrypt, encrypt


class EncryptedTextField(models.Field):
    """Text that the database can't read, in a bytea column. "" is stored as no bytes.

    It can't be searched: keep a keyed hash beside what must be found again.
    """

    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        return encrypt(value, self.purpose) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        data = super().get_db_prep_value(value, connection, prepared)
        return None if data is None else connection.Database.Binary(data)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        if value is None:
            return None
        data = bytes(value)
        return decrypt(data, self.purpose) if data else ""

    def value_to_string(self, _obj: models.Model) -> str:
        raise TypeError("Personal data is not serialised.")
