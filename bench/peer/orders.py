"""Orders as pretix takes them: one product for nothing, paid by that, for one person."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import people
from bench.peer.house import Seeded


def order_body(item: int, subevent: int, serial: int) -> dict[str, Any]:
    """What POST …/orders/ takes. No price: pretix works it out, and free means confirmed."""
    return {
        "status": "p",
        "phone": people.phone(serial),
        "locale": "en",
        "positions": [
            {"item": item, "subevent": subevent, "attendee_name": people.name(serial)},
        ],
    }


def write_orders(
    file: Path, seeded: Seeded, dates: Sequence[dict[str, int]], serials: Iterable[int]
) -> None:
    """One line for order.lua a person, the dates in turn."""
    lines = []
    for serial in serials:
        date = dates[serial % len(dates)]
        body = order_body(seeded.item, date["subevent"], serial)
        lines.append(f"bench-{serial}\t{json.dumps(body, ensure_ascii=False)}\n")
    file.write_text("".join(lines), encoding="utf-8")
