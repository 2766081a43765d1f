"""Sessions in the database, read and written by one prepared statement each.

Every page of a signed-in citizen reads its session and every answer writes it; Django's own store
puts its statements together anew each time, and wraps the write in a transaction of its own.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone

_READ = """/*prepared*/
    SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s
"""
_WRITE = """/*prepared*/
    UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s
"""


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        content: dict[str, Any] = self.decode(row[0])
        return content

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        content = self.encode(dict(self.items()))
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [content, self.get_expiry_date(), self.session_key])
            if not cursor.rowcount:
                # Signed out meanwhile, in another window.
                raise UpdateError
