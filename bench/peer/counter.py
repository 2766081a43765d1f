"""pretix's order API under wrk: an order for one person and a key of its own each time."""

import http.client
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench import people
from bench.peer.house import Peer
from bench.peer.orders import order_body, write_orders
from bench.wrk import Load, wrk

CREATED = 201
# How pretix says that a quota is used up.
SOLD_OUT = 400
SCRIPT = Path(__file__).with_name("order.lua")
THREADS = 2
# Each of its processes spends seconds of processor time on its first request.
TIMEOUT = 120
# A run that is quicker says so and fails.
MOST_PER_SECOND = 300


@dataclass
class Counter:
    """Where wrk orders. `answered` counts the answers 201 so far."""

    peer: Peer
    folder: Path
    crowd: people.Crowd = field(default_factory=people.Crowd)
    answered: int = 0

    def send(
        self,
        dates: Sequence[dict[str, int]],
        connections: int,
        seconds: float,
        expected: int,
    ) -> Load:
        """What POST answered. Raises WrkError where an answer has another status."""
        file = self.folder / "orders.tsv"
        serials = self.crowd.take(round(MOST_PER_SECOND * (seconds + 1)))
        write_orders(file, self.peer.seeded, dates, serials)
        try:
            load = wrk(
                f"{self.peer.api}orders/",
                connections=connections,
                seconds=seconds,
                script=SCRIPT,
                arguments=[str(file), str(THREADS), self.peer.seeded.token],
                threads=THREADS,
            )
        finally:
            file.unlink()
        self.answered += load.statuses.get(CREATED, 0)
        return load.require(expected)

    def order(self, dates: Sequence[dict[str, int]], count: int, connections: int) -> list[int]:
        """So many orders without wrk, on the dates in turn; the statuses of the answers."""
        subevents = [dates[number % len(dates)]["subevent"] for number in range(count)]
        with ThreadPoolExecutor(connections) as pool:
            statuses = list(pool.map(self._order, subevents, self.crowd.take(count)))
        self.answered += statuses.count(CREATED)
        return statuses

    def _order(self, subevent: int, serial: int) -> int:
        body = order_body(self.peer.seeded.item, subevent, serial)
        headers = {"Content-Type": "application/json", "X-Idempotency-Key": f"bench-{serial}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.peer.port, timeout=TIMEOUT)
        path = f"{self.peer.path}orders/"
        connection.request("POST", path, json.dumps(body), self.peer.authorization | headers)
        with closing(connection), connection.getresponse() as answer:
            return answer.status

    def read(self, path: str, connections: int, seconds: float) -> Load:
        """GET below the event, again and again."""
        load = wrk(
            f"{self.peer.api}{path}",
            connections=connections,
            seconds=seconds,
            headers=self.peer.authorization,
        )
        return load.require(200)
