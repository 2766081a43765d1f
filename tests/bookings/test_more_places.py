"""The formula of more places: whole percents that never run away."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from bookings.domain.more_places import MOST_PERCENT, Figures, terms_of

figures = st.integers(1, 3000).flatmap(
    lambda capacity: st.builds(
        Figures,
        capacity=st.just(capacity),
        taken=st.integers(0, capacity),
        waiting=st.integers(0, 5000),
        missed=st.integers(0, 100),
        people=st.integers(0, 5000),
        bookable=st.integers(0, 5000),
    )
)
above = st.integers(1, 100)
more = st.integers(1, 200)


@given(st.integers(1, 3000), above, more)
def test_a_full_day_without_anything_else_asks_for_what_the_policy_says(capacity, above, more):
    full = Figures(capacity, taken=-(-capacity * above // 100))
    assert terms_of(full, above, more).percent == more
    below = dataclasses.replace(full, taken=full.taken - 1)
    assert terms_of(below, above, more).percent == 0


def test_ninety_of_a_hundred_ask_for_exactly_a_fifth_more():
    assert terms_of(Figures(capacity=100, taken=90), above=90, more=20).percent == 20


@given(figures, above, more)
def test_it_never_takes_away_nor_runs_away(figures, above, more):
    assert 0 <= terms_of(figures, above, more).percent <= max(MOST_PERCENT, more)


@given(figures, above, more, st.integers(1, 100))
def test_more_people_never_ask_for_less(figures, above, more, further):
    before = terms_of(figures, above, more).percent
    for name in ("waiting", "people"):
        grown = dataclasses.replace(figures, **{name: getattr(figures, name) + further})
        assert terms_of(grown, above, more).percent >= before


@given(figures, above, more)
def test_people_who_stay_away_never_ask_for_more(figures, above, more):
    all_come = dataclasses.replace(figures, missed=0)
    assert terms_of(figures, above, more).percent <= terms_of(all_come, above, more).percent


@given(figures, above, more)
def test_what_is_said_adds_up(figures, above, more):
    terms = terms_of(figures, above, more)
    total = terms.limit + terms.waiting - terms.missed + terms.history
    assert terms.percent == min(max(total, 0), terms.most)


@given(figures, above, more)
def test_whoever_waits_is_given_room_up_to_the_most(figures, above, more):
    """The places that are added hold all who wait for one, if nobody else comes or stays away."""
    waiting = dataclasses.replace(figures, missed=0, people=0)
    percent = terms_of(waiting, above, more).percent
    added = -(-figures.capacity * percent // 100)
    assert added >= figures.unserved or percent == max(MOST_PERCENT, more)
