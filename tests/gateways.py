"""Gateways at the edge of the network, for tests: they note what they were asked to send."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from applicants.gateways import SendResult, Words
from applicants.models import Message


class Recorder:
    """Takes everything, unless `answer` raises. Slow by `seconds`."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.answer: Callable[[Message], object] = str
        self.seconds = 0.0
        self.at_once = 1
        self._lock = threading.Lock()

    def send(self, message: Message, words: Words) -> SendResult:
        with self._lock:
            self.sent.append((message.reference, words.text))
        time.sleep(self.seconds)
        self.answer(message)
        return SendResult(f"no-{message.reference}")


class Stuck:
    """Notes what it was asked for in the file $STUCK_MARKER, and never answers."""

    at_once = 4

    def send(self, message: Message, words: Words) -> SendResult:  # noqa: ARG002
        with Path(os.environ["STUCK_MARKER"]).open("a") as marker:
            marker.write(f"{message.reference}\n")
        time.sleep(600)
        return SendResult()
