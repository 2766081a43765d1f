"""Pages are compressed for browsers that can read it, and give nothing away by their length."""

import gzip

from django.test import Client

GZIP = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_a_browser_that_can_read_it(client: Client) -> None:
    plain, compressed = client.get("/help/"), client.get("/help/", headers=GZIP)
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert len(compressed.content) < len(plain.content) / 2
    assert gzip.decompress(compressed.content).decode().startswith("<!doctype html>")


def test_other_browsers_get_it_as_it_is_and_caches_keep_both_apart(client: Client) -> None:
    plain = client.get("/help/")
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_page_of_an_error_is_compressed_too(client: Client) -> None:
    assert client.get("/nothing-is-here/", headers=GZIP).headers["Content-Encoding"] == "gzip"


def test_the_same_page_has_another_length_each_time(client: Client) -> None:
    lengths = {len(client.get("/privacy/", headers=GZIP).content) for _attempt in range(20)}
    assert len(lengths) > 5


def test_what_programs_read_is_left_alone(client: Client) -> None:
    answer = client.get("/api/v1/nothing-is-here/", headers=GZIP)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" not in answer.headers.get("Vary", "")
