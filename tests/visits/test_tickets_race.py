"""Many machines ask for the last numbers of a session at once."""

import pytest

from bookings.domain.parties import SYSTEM
from tests.factories import NOW
from tests.together import at_once
from tests.visits.test_tickets import make_session
from visits.domain.errors import NoNumbersLeft
from visits.domain.tickets import give_number
from visits.models import Ticket


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_for_four_numbers_get_four() -> None:
    session = make_session(capacity=2)

    def ask() -> int:
        try:
            return give_number(session, SYSTEM, NOW).number
        except NoNumbersLeft:
            return 0

    assert sorted(at_once(*[ask] * 8)) == [0, 0, 0, 0, 1, 2, 3, 4]
    assert Ticket.objects.filter(session=session).count() == 4
