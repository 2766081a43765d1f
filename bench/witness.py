"""A gateway that bears witness: a line in a file for every message that it was asked to send.

The worker is told of it by MESSAGE_GATEWAY, and of the file by BENCH_WITNESS. Lines are written
before the answer, as a provider's own journal would be.
"""

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from applicants.gateways import SendResult, Words
    from applicants.models import Message

QUICK, SLOW = "bench.witness.Quick", "bench.witness.Slow"
SLOW_SECONDS = 0.05


class Quick:
    """Answers at once, sixteen at a time, as the console does."""

    at_once = 16

    def __init__(self) -> None:
        self._file = os.open(os.environ["BENCH_WITNESS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def send(self, message: "Message", words: "Words") -> "SendResult":
        from applicants.gateways import SendResult

        # One write a line, so that the lines of several processes stay whole.
        os.write(self._file, f"{message.reference} {len(words.text)}\n".encode())
        return SendResult("witness")


class Slow(Quick):
    """Takes as long as a provider's HTTP interface."""

    at_once = 32

    def send(self, message: "Message", words: "Words") -> "SendResult":
        result = super().send(message, words)
        time.sleep(SLOW_SECONDS)
        return result


def asked_for(file: Path) -> Counter[str]:
    """How often each message was asked for, by reference."""
    return Counter(line.split()[0] for line in file.read_text().splitlines())
