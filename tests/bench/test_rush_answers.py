"""What the answers to a crowd say about the house."""

from bench.rush.answers import Answer, Crowd, parse, percentile

OPENED = 100.0


def answer(person: int, code: str, at: float, *, connection: int = 0, status: int = 0) -> Answer:
    status = status or (201 if code == "booked" else 409)
    return Answer(connection, person, at - 0.5, at, status, code, 7)


def crowd(*answers: Answer, people: int = 3, places: int = 1) -> Crowd:
    return Crowd(answers, people, places, OPENED)


SOUND = (
    answer(1, "slot_not_open", 99),
    answer(1, "booked", 101),
    answer(2, "slot_full", 102, connection=1),
    answer(3, "slot_full", 103),
    answer(2, "slot_full", 104, connection=1),
)


def test_a_line_of_answers_is_read() -> None:
    line = "12\t1000000\t1500000\t409\tslot_full\t7\n"
    assert parse([line], 3) == [Answer(3, 12, 1.0, 1.5, 409, "slot_full", 7)]


def test_everybody_is_counted_once_by_the_last_answer() -> None:
    assert crowd(*SOUND).last_words == {"booked": 1, "slot_full": 2}


def test_a_sound_rush_has_no_complaints() -> None:
    assert crowd(*SOUND).complaints() == []


def test_the_places_are_sold_when_the_last_one_is_given() -> None:
    assert crowd(*SOUND).seconds_to_sell == 1.0


def test_refusals_count_while_every_connection_presses() -> None:
    assert [each.answered for each in crowd(*SOUND).refusals] == [102, 103]
    assert crowd(*SOUND).refusals_per_second == 1.0


def test_a_crowd_without_answers_has_no_rate() -> None:
    assert crowd().refusals_per_second == 0.0


def test_unsold_places_are_a_complaint() -> None:
    assert crowd(*SOUND, places=2).complaints() == ["1 places were given of 2"]


def test_people_who_got_no_answer_are_a_complaint() -> None:
    [complaint] = crowd(*SOUND, people=4).complaints()
    assert complaint.startswith("of 4 people 1 were booked and 2 refused")


def test_a_server_error_is_a_complaint_also_when_it_was_not_the_last_word() -> None:
    failed = answer(3, "internal_error", 101, status=500)
    assert crowd(failed, *SOUND).complaints() == ["1 answers were server errors"]


def test_a_place_given_before_the_doors_open_is_a_complaint() -> None:
    early = answer(1, "booked", 99.5)
    [complaint] = crowd(early, *SOUND[2:]).complaints()
    assert complaint == "1 places were given before the doors opened"


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert percentile([3.0], 0.5) == 3.0
    assert percentile([], 0.5) == 0.0
