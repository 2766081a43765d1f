"""pretix under the load that our bookings get; see bench/peer/README.md."""

from bench.peer.load import SETS, TITLE, run

__all__ = ["SETS", "TITLE", "run"]
