"""INSERT statements put together once, for the rows that every booking writes.

Django's compiler puts a statement together anew each time, which costs more than the database
takes to carry it out. The columns come from the model, and each field prepares its own value.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


class Insert(Generic[Row]):
    """`Insert(Attendee)(attendees)` writes the rows and sets their primary keys.

    With `unless_there`, rows that meet one with the same unique values are left out, and no
    primary keys are set.
    """

    def __init__(self, model: type[Row], *, unless_there: bool = False) -> None:
        self._fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        columns = ", ".join(f'"{field.column}"' for field in self._fields)
        self._head = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES '  # noqa: S608
        self._row = f"({', '.join(['%s'] * len(self._fields))})"
        self._numbered = not unless_there
        self._tail = ' RETURNING "id"' if self._numbered else " ON CONFLICT DO NOTHING"

    def __call__(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        sql = self._head + ", ".join([self._row] * len(rows)) + self._tail
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for row in rows for value in self._values(row)])
            if self._numbered:
                _number(rows, cursor.fetchall())

    def _values(self, row: Row) -> list[Any]:
        return [
            field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in self._fields
        ]


def _number(rows: Sequence[models.Model], keys: list[tuple[int]]) -> None:
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
