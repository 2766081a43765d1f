"""Hours, sessions and places of an office as tables: given out, and taken over whole or not at all.

What is taken over goes through the same verbs as what is typed on the pages. A dry run does all of
it and rolls back, so that it says exactly what would come of it.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.domain.exchange.common import Change, Kind, Outcome, problems_of
from bookings.domain.exchange.hours import HOURS
from bookings.domain.exchange.quotas import QUOTAS
from bookings.domain.exchange.sessions import SESSIONS
from bookings.domain.sheet import Problem, Table, read

__all__ = ["KINDS", "Change", "Kind", "Outcome", "take_over"]

KINDS: dict[str, Kind] = {"hours": HOURS, "sessions": SESSIONS, "quotas": QUOTAS}


def take_over(kind: Kind, table: Table, change: Change, *, dry: bool) -> Outcome:
    """All rows or, where any is bad or it is a dry run, none of them."""
    rows = read(table, kind.columns, kind.needed)
    if not rows:
        return Outcome(problems=(Problem(1, "", _("There is no row below the head.")),))
    with transaction.atomic():
        outcome = Outcome() if problems_of(rows) else kind.take_over(rows, change)
        problems = (*outcome.problems, *problems_of(rows))
        if dry or problems:
            transaction.set_rollback(True)
    return Outcome(outcome.changed, outcome.same, tuple(sorted(problems, key=lambda p: p.line)))
