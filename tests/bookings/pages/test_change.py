"""Cancelling and moving a booking."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from applicants.models import Applicant
from bookings.enums import Status
from bookings.models import Booking, Slot
from offices.models import Session
from tests.citizens import confirmed, make_account, signed_in
from tests.factories import NOW, make_office, make_slot, quota_of

MIDNIGHT = dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def booking(citizen: Client, slot: Slot, family: list[Applicant]) -> Booking:
    return confirmed(citizen, slot, family)


@pytest.fixture
def later(booking: Booking) -> Slot:
    return make_slot(5, starts_at=booking.slot.starts_at + dt.timedelta(hours=1))


def url(booking: Booking, page: str) -> str:
    return f"/bookings/{booking.number}/{page}"


class TestCancelling:
    def test_it_is_asked_first(self, citizen: Client, booking: Booking) -> None:
        page = citizen.get(url(booking, "cancel/")).content.decode()
        assert "取消的截止时间为8月3日 周一 24:00" in page
        booking.refresh_from_db()
        assert booking.status == Status.CONFIRMED

    def test_it_gives_all_places_back(self, citizen: Client, booking: Booking, slot: Slot) -> None:
        response = citizen.post(url(booking, "cancel/"))
        booking.refresh_from_db()
        assert response.headers["Location"] == url(booking, "")
        assert (booking.status, quota_of(slot).taken) == (Status.CANCELLED, 0)

    def test_a_second_click_changes_nothing(
        self, citizen: Client, booking: Booking, slot: Slot
    ) -> None:
        for _click in range(2):
            assert citizen.post(url(booking, "cancel/")).status_code == 302
        assert quota_of(slot).taken == 0

    @pytest.mark.parametrize("page", ["cancel/", "move/"])
    def test_after_the_deadline_it_is_refused_with_the_reason(
        self,
        citizen: Client,
        booking: Booking,
        clock: time_machine.Traveller,
        page: str,
    ) -> None:
        clock.move_to(MIDNIGHT)
        for response in (citizen.get(url(booking, page)), citizen.post(url(booking, page))):
            assert response.status_code == 409
            assert "12367" in response.content.decode()
        booking.refresh_from_db()
        assert booking.status == Status.CONFIRMED

    def test_what_was_booked_for_today_is_cancelled_and_not_moved(
        self, citizen: Client, family: list[Applicant]
    ) -> None:
        today = make_slot(starts_at=NOW + dt.timedelta(hours=3))
        booking = confirmed(citizen, today, family)
        page = citizen.get(url(booking, "")).text
        assert url(booking, "cancel/") in page
        assert url(booking, "leave/") in page
        assert url(booking, "move/") not in page
        assert citizen.get(url(booking, "move/")).status_code == 409
        assert "取消的截止时间为8月3日 周一 12:00" in citizen.get(url(booking, "cancel/")).text
        citizen.post(url(booking, "cancel/"))
        booking.refresh_from_db()
        assert booking.status == Status.CANCELLED

    def test_what_has_ended_leads_to_its_page(self, citizen: Client, booking: Booking) -> None:
        citizen.post(url(booking, "cancel/"))
        assert citizen.get(url(booking, "cancel/")).headers["Location"] == url(booking, "")
        assert citizen.get(url(booking, "move/")).headers["Location"] == url(booking, "")


class TestMoving:
    def test_it_takes_the_new_window_and_gives_back_the_old(
        self, citizen: Client, booking: Booking, slot: Slot, later: Slot
    ) -> None:
        response = citizen.post(url(booking, f"move/?day={later.date}"), {"slot": later.pk})
        booking.refresh_from_db()
        assert response.headers["Location"] == url(booking, "")
        assert (booking.slot, booking.status) == (later, Status.CONFIRMED)
        assert (quota_of(slot).taken, quota_of(later).taken) == (0, 3)

    def test_the_move_is_told_in_the_history(
        self, citizen: Client, booking: Booking, later: Slot
    ) -> None:
        citizen.post(url(booking, f"move/?day={later.date}"), {"slot": later.pk})
        events = citizen.get(url(booking, "")).context["events"]
        assert events[0].what == "由8月4日 周二 10:00–10:30改为8月4日 周二 11:00–11:30"

    def test_a_window_that_filled_up_leaves_the_booking_where_it_is(
        self, citizen: Client, booking: Booking, slot: Slot, later: Slot
    ) -> None:
        later.quotas.filter(pool="online").update(capacity=2)
        response = citizen.post(url(booking, f"move/?day={later.date}"), {"slot": later.pk})
        full = url(booking, f"move/{later.pk}/full/")
        assert response.headers["Location"] == full
        page = citizen.get(full).content.decode()
        assert "您原来的预约仍为8月4日 周二 10:00–10:30" in page
        booking.refresh_from_db()
        assert (booking.slot, quota_of(slot).taken) == (slot, 3)

    def test_others_are_offered_instead_and_may_be_taken(
        self, citizen: Client, booking: Booking, later: Slot
    ) -> None:
        later.quotas.filter(pool="online").update(capacity=2)
        latest = make_slot(9, starts_at=later.starts_at + dt.timedelta(hours=1))
        full = url(booking, f"move/{later.pk}/full/")
        choices = citizen.get(full).context["form"].fields["slot"].choices
        assert [value for value, _card in choices] == [str(latest.pk)]
        citizen.post(full, {"slot": latest.pk})
        booking.refresh_from_db()
        assert booking.slot == latest

    def test_its_own_window_is_marked_and_is_no_choice(
        self, citizen: Client, booking: Booking, later: Slot
    ) -> None:
        groups = citizen.get(url(booking, f"move/?day={later.date}")).context["form"]
        cards = {v: c for _part, cards in groups.fields["slot"].choices for v, c in cards}
        assert cards[str(booking.slot_id)].problem == "您已预约的时段"
        assert cards[str(later.pk)].problem == ""

    def test_windows_of_other_offices_are_not_offered(
        self, citizen: Client, booking: Booking
    ) -> None:
        elsewhere = make_slot(office=make_office("other"))
        answer = citizen.post(url(booking, f"move/?day={elsewhere.date}"), {"slot": elsewhere.pk})
        assert answer.status_code == 200
        assert citizen.get(url(booking, f"move/{elsewhere.pk}/full/")).status_code == 404

    def test_a_session_for_other_ages_is_refused_and_the_old_place_kept(
        self, citizen: Client, booking: Booking, slot: Slot, later: Slot
    ) -> None:
        later.session = Session.objects.create(
            office=slot.office,
            line=slot.line,
            kind="student",
            date=later.date,
            opens=dt.time(11),
            closes=dt.time(12),
            capacity=5,
            max_age=25,
        )
        later.save()
        response = citizen.post(url(booking, "move/"), {"slot": later.pk}, follow=True)
        assert response.redirect_chain == [(url(booking, "move/"), 302)]
        assert "演示甲的年龄不符合" in response.content.decode()
        booking.refresh_from_db()
        assert (booking.slot, quota_of(slot).taken, quota_of(later).taken) == (slot, 3, 0)

    def test_somebody_elses_booking_does_not_exist(self, booking: Booking, later: Slot) -> None:
        stranger = signed_in(make_account("+8613900139000"))
        for page in ("move/", f"move/{later.pk}/full/", "cancel/"):
            assert stranger.post(url(booking, page), {"slot": later.pk}).status_code == 404
