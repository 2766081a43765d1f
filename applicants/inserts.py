"""INSERT statements put together once, for the rows that every booking writes.

Django's compiler puts a statement together anew each time, which costs more than the database
takes to carry it out. The columns come from the model, and each field prepares its own value.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db import connection, models

from applicants.fields import EncryptedTextField

# Fields whose value the driver doesn't take as it is.
_PREPARED = (EncryptedTextField, models.BinaryField, models.JSONField)

Row = TypeVar("Row", bound=models.Model)


class Insert(Generic[Row]):
    """`Insert(Attendee)(attendees)` writes the rows and sets their primary keys.

    With `unless_there`, rows that meet one with the same unique values are left out, and no
    primary keys are set.
    """

    def __init__(self, model: type[Row], *, unless_there: bool = False) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self._values = [_value_of(field) for field in fields]
        self._head = f'/*prepared*/ INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
        self._row = f"({', '.join(['%s'] * len(fields))})"
        self._numbered = not unless_there
        self._tail = ' RETURNING "id"' if self._numbered else " ON CONFLICT DO NOTHING"

    def __call__(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        sql = self._head + ", ".join([self._row] * len(rows)) + self._tail
        with connection.cursor() as cursor:
            cursor.execute(sql, [value(row) for row in rows for value in self._values])
            if self._numbered:
                _number(rows, cursor.fetchall())


def _value_of(field: Any) -> Callable[[models.Model], Any]:
    """Reads the value of this column off a row, as the driver wants it."""
    if getattr(field, "auto_now_add", False):
        return lambda row: field.pre_save(row, add=True)
    if isinstance(field, _PREPARED):
        read = attrgetter(field.attname)
        return lambda row: field.get_db_prep_save(read(row), connection)
    return attrgetter(field.attname)


def _number(rows: Sequence[models.Model], keys: list[tuple[int]]) -> None:
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
