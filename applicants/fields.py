"""Model fields for personal data."""

from typing import Any

from django.db import models

from applicants.crypto import decrypt, encrypt


class EncryptedTextField(models.BinaryField):
    """Text that the database can't read. An empty string is stored as empty bytes.

    It can't be searched: keep a keyed hash beside what must be found again.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return encrypt(value, self.purpose) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        prepared_value = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(prepared_value, connection, prepared=True)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        if value is None:
            return None
        data = bytes(value)
        return decrypt(data, self.purpose) if data else ""

    def value_to_string(self, _obj: models.Model) -> str:
        raise TypeError("Personal data is not serialised.")

    def to_python(self, value: Any) -> Any:
        return value
