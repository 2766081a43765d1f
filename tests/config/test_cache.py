"""The cache forgives: it may be away, it may be emptied, and nothing else is touched."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache import cache

from config.cache import PAUSE_SECONDS, ForgivingRedisCache


@pytest.fixture
def broker(settings: Any) -> Iterator[redis.Redis]:
    """The database as those see it who keep other things in it."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    yield client
    client.delete("a-queue")
    client.close()


@pytest.fixture
def deaf(settings: Any) -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
        settings.CACHES = {
            "default": settings.CACHES["default"] | {"LOCATION": place, "OPTIONS": options}
        }
        yield server


def test_emptying_the_cache_leaves_the_brokers_queues_alone(broker: redis.Redis) -> None:
    broker.set("a-queue", "a task")
    cache.set("a-fact", 1)
    cache.clear()
    assert (cache.get("a-fact"), broker.get("a-queue")) == (None, b"a task")


def test_a_cache_without_a_prefix_is_not_emptied(settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": ""}}
    with pytest.raises(ValueError, match="KEY_PREFIX"):
        cache.clear()


def test_counting_keeps_the_time_to_live_and_needs_a_beginning(broker: redis.Redis) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("uses")
    cache.add("uses", 1, timeout=100)
    assert [cache.incr("uses"), cache.incr("uses", 2)] == [2, 4]
    assert 90 < broker.ttl(cache.make_key("uses")) <= 100


def test_a_lost_cache_answers_as_if_it_held_nothing(deaf: socket.socket) -> None:
    cache.set("a-fact", 1)
    answers = [
        cache.get("a-fact", "unknown"),
        cache.add("uses", 0),
        cache.incr("uses"),
        cache.delete("a-fact"),
        cache.get_many(["a-fact"]),
    ]
    assert answers == ["unknown", True, 0, False, {}]


def test_only_the_first_question_waits_for_a_lost_cache(
    deaf: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waited() -> float:
        begun = time.monotonic()
        cache.get("a-fact")
        return time.monotonic() - begun

    waits = [waited() for _ in range(20)]
    assert waits[0] >= 0.2
    assert sum(waits[1:]) < 0.05
    # It is asked again after the pause.
    monkeypatch.setattr(ForgivingRedisCache, "resume_at", time.monotonic())
    assert waited() >= 0.2
    assert ForgivingRedisCache.resume_at > time.monotonic() + PAUSE_SECONDS - 1
