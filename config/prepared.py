"""Statements that a connection prepares once: PostgreSQL parses and plans them a single time.

A statement asks for it by beginning with MARK, and has positional parameters only. psycopg2 fills
in parameters by itself, so this is SQL's own PREPARE and EXECUTE. Behind a pooler that hands out
connections by the transaction it must be off (TRANSACTION_POOLING).
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from psycopg2.extensions import connection, cursor

MARK = "/*prepared*/"
_PLACEHOLDER = re.compile("%s")


class PreparingConnection(connection):
    """A connection that knows which statements it has prepared, and how to execute each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepared: dict[str, str] = {}


class PreparingCursor(cursor):
    def execute(self, query: Any, vars: Any = None) -> None:
        if vars and isinstance(query, str) and query.startswith(MARK):
            query = self._prepared(query, vars)
        super().execute(query, vars)

    def _prepared(self, statement: str, values: Sequence[object]) -> str:
        known: dict[str, str] = self.connection.prepared
        if statement not in known:
            name, numbers = f"prepared_{len(known)}", count(1)
            numbered = _PLACEHOLDER.sub(lambda _: f"${next(numbers)}", statement)
            # Without parameters the driver leaves % as it is.
            super().execute(f"PREPARE {name} AS {numbered.replace('%%', '%')}")
            known[statement] = f"EXECUTE {name} ({', '.join(['%s'] * len(values))})"
        return known[statement]


# What DATABASES["default"]["OPTIONS"] take.
PREPARING = {"connection_factory": PreparingConnection, "cursor_factory": PreparingCursor}
