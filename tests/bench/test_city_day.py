"""A city's day in high season, booked through the real web server (FS-09)."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench import invariants
from bench.people import Crowd, attendee, booking_body
from bench.scene import Scene, set_scene
from bench.stage import PROXY_HEADERS, stage
from bookings.domain.city import CITY_ITEMS_A_DAY

pytestmark = pytest.mark.slow

THREE = ("passport-first", "hkm-permit-first", "tw-permit-first")
PARTY = 5
BOOKINGS = CITY_ITEMS_A_DAY // (PARTY * len(THREE)) + 1
CLIENTS = 8
CREATED = 201


@pytest.mark.row("FS-09")
def test_sixteen_thousand_items_of_a_day_are_booked_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIHAO_STATE_DIR", str(tmp_path))
    with stage(programs=["web"]) as on:
        scene = set_scene(on, slots=100, capacity=2 * BOOKINGS)
        bodies = list(_bodies(scene))
        with ThreadPoolExecutor(CLIENTS) as clients:
            shares = [bodies[n::CLIENTS] for n in range(CLIENTS)]
            statuses = clients.map(lambda share: _send(on.port, scene.token, share), shares)
            assert [set(each) for each in statuses] == [{CREATED}] * CLIENTS
        [(day,)] = on.rows("SELECT date FROM bookings_slot WHERE id = %s", [scene.slots[0]])
        seen = json.loads(on.python("tests.bench.city_day", str(day)))
        assert invariants.broken(on) == []
    assert seen == {
        "items": BOOKINGS * PARTY * len(THREE),
        "people": BOOKINGS * PARTY,
        "taken": BOOKINGS * PARTY,
    }
    assert seen["items"] >= CITY_ITEMS_A_DAY


def _bodies(scene: Scene) -> list[bytes]:
    people = Crowd().take(BOOKINGS * PARTY)
    return [
        json.dumps(
            booking_body(
                scene.slots[number % len(scene.slots)],
                party,
                attendees=[attendee(serial, *THREE) for serial in party],
            )
        ).encode()
        for number in range(BOOKINGS)
        for party in [people[number * PARTY : (number + 1) * PARTY]]
    ]


def _send(port: int, token: str, bodies: list[bytes]) -> list[int]:
    headers = {
        **PROXY_HEADERS,
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    statuses = []
    for body in bodies:
        connection.request("POST", "/api/v1/bookings/", body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses
