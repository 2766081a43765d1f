"""Houses of several sizes side by side, to see what grows with them: filled once, and kept.

The largest takes a quarter of an hour to fill and 15 GB of disk; remove .state/bench/house-… to
get that back. One whose seeded days are nearly over is filled anew.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from bench.seeding.sizes import Size
from bench.stage import Stage, forget, stage

# So many days of windows must lie ahead of a house that is used again.
DAYS_AHEAD = 8


@contextmanager
def houses(sizes: Sequence[Size]) -> Iterator[dict[Size, Stage]]:
    """Each with its servers and a web server of its own; only one is asked at a time."""
    with ExitStack() as opened:
        yield {size: opened.enter_context(house(size)) for size in sizes}


@contextmanager
def house(size: Size) -> Iterator[Stage]:
    """A house of this size, with nobody waiting for a message."""
    servers = partial(stage, programs=[], keep=_folder(size))
    with ExitStack() as opened:
        kept = opened.enter_context(servers())
        if not _is_fresh(kept):
            opened.close()
            forget(_folder(size))
            kept = opened.enter_context(servers())
            print(f"  filling a house: {size}", flush=True)
            kept.python("bench.seeding", str(size.bookings), str(size.offices))
        kept.start("web")
        yield kept


def _is_fresh(kept: Stage) -> bool:
    [(fresh,)] = kept.rows(
        "SELECT coalesce(max(date) >= current_date + %s, false) FROM bookings_slot", [DAYS_AHEAD]
    )
    return bool(fresh)


def _folder(size: Size) -> str:
    return f"house-{size.bookings}-{size.offices}"
