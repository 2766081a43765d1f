"""Uploads wait in memory, and only as long as they are small."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import RequestFactory

from config import uploads


@pytest.fixture(autouse=True)
def _small_bounds(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OF_A_FILE", 200_000)
    monkeypatch.setattr(uploads, "MOST_OF_A_REQUEST", 300_000)


def sent(*sizes: int):
    files = [SimpleUploadedFile(f"{size}.bin", b"x" * size) for size in sizes]
    return RequestFactory().post("/", {"files": files}).FILES.getlist("files")


def test_what_is_small_is_there_and_no_file_is_written(monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("An upload was written to the disk.")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", refuse)
    [first, second] = sent(1000, 150_000)
    assert (first.size, first.read()) == (1000, b"x" * 1000)
    assert (second.size, second.name, len(second.read())) == (150_000, "150000.bin", 150_000)


def test_what_is_too_large_has_its_size_and_no_content():
    [large, small] = sent(250_000, 10)
    assert (large.size, large.read()) == (250_000, b"")
    assert small.read() == b"x" * 10


def test_many_files_are_kept_within_one_bound():
    kept = [file.read() for file in sent(150_000, 150_000, 150_000)]
    assert [len(each) for each in kept] == [150_000, 150_000, 0]


def test_an_empty_file_stays_empty():
    [empty] = sent(0)
    assert (empty.size, empty.read()) == (0, b"")
