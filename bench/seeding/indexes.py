"""Indexes taken away while rows are written, and built again over all of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Index:
    """A secondary index or unique constraint; primary keys stay, they are filled in order."""

    table: str
    name: str
    definition: str
    is_constraint: bool

    @property
    def drop(self) -> str:
        if self.is_constraint:
            return f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"
        return f"DROP INDEX {self.name}"

    @property
    def create(self) -> str:
        if self.is_constraint:
            return f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {self.definition}"
        return self.definition


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Call it in a transaction: its rollback brings the indexes back."""
    found = _indexes(tables)
    with connection.cursor() as cursor:
        for index in found:
            cursor.execute(index.drop)
        yield
        for index in found:
            cursor.execute(index.create)


def _indexes(tables: Sequence[str]) -> list[Index]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, i.relname,
                coalesce(pg_get_constraintdef(u.oid), pg_get_indexdef(i.oid)), u.oid IS NOT NULL
            FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid
            JOIN pg_class c ON c.oid = x.indrelid
            LEFT JOIN pg_constraint u ON u.conindid = i.oid AND u.contype IN ('u', 'x')
            WHERE c.relname = ANY(%s) AND NOT x.indisprimary
            ORDER BY c.relname, i.relname
            """,
            [list(tables)],
        )
        return [Index(*row) for row in cursor.fetchall()]
