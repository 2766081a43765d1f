"""wrk's answers are read as they are, and what is no clean answer becomes no figure."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from bench import wrk
from bench.wrk import SCRIPTS, Load, WrkError

# As wrk 4.1.0 printed it with our script.
PRINTED = """Running 2s test @ http://127.0.0.1:8000/healthz
  2 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.12ms    1.20ms  40.09ms   88.12%
    Req/Sec   788.25    101.00     0.99k    65.00%
  3143 requests in 2.01s, 2.31MB read
  Non-2xx or 3xx responses: 3
Requests/sec:   1563.68
Transfer/sec:      1.15MB
bench: {"requests": 3143, "microseconds": 2010000, "statuses": {"200": 3140, "503": 3}, \
"errors": {"timeout": 1, "read": 2, "write": 0, "connect": 0}, "exhausted": false, \
"p50": 4980, "p95": 7200, "p99": 9000, "max": 40090}
"""


def test_the_line_of_our_script_is_read() -> None:
    load = wrk.parse(PRINTED)
    assert load == Load(3143, 2.01, {200: 3140, 503: 3}, 3, 4.98, 7.2, 9.0, 40.09)
    assert load.rate == pytest.approx(1563.7, abs=0.1)


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("unable to connect", "printed no figures"),
        (PRINTED.replace('"exhausted": false', '"exhausted": true'), "ran out"),
    ],
)
def test_what_is_no_measurement_is_refused(printed: str, told: str) -> None:
    with pytest.raises(WrkError, match=told):
        wrk.parse(printed)


def test_an_answer_of_another_kind_or_a_lost_one_makes_no_figure() -> None:
    clean = Load(2, 1.0, {201: 2}, 0, 1, 1, 1, 1)
    assert clean.require(201) is clean
    for strange in (
        Load(2, 1.0, {201: 1, 409: 1}, 0, 1, 1, 1, 1),
        Load(2, 1.0, {201: 2}, 1, 1, 1, 1, 1),
        Load(0, 1.0, {}, 0, 1, 1, 1, 1),
    ):
        with pytest.raises(WrkError, match="Expected only"):
            strange.require(201)


def test_without_wrk_it_says_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WrkError, match="apt-get install wrk"):
        wrk.wrk("http://127.0.0.1:9/", connections=1, seconds=1)


class Recorder(http.server.BaseHTTPRequestHandler):
    """Answers 201 to every second request and 409 to the others; keeps what came."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = ("Idempotency-Key", "Authorization", "X-Forwarded-Proto")
        key, token, proto = (self.headers[name] for name in names)
        self.seen.append((key, body, token, proto))
        self.send_response(201 if len(self.seen) % 2 else 409)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Recorder.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/"
        listening.shutdown()


@pytest.mark.skipif(not wrk.shutil.which("wrk"), reason="needs wrk: apt-get install wrk")
def test_the_script_posts_every_line_once_and_says_when_they_run_out(server, tmp_path) -> None:
    lines = tmp_path / "lines"
    lines.write_text("".join(f'key-{n}\t{{"n": {n}}}\n' for n in range(40)))
    with pytest.raises(WrkError, match="ran out"):
        wrk.wrk(
            server,
            connections=2,
            seconds=2,
            script=SCRIPTS / "post.lua",
            arguments=[str(lines), "2", "yk_test"],
        )
    keys = [key for key, *_rest in Recorder.seen]
    # The line that ends the run may have gone out once more; nothing else is repeated.
    assert set(keys) <= {f"key-{n}" for n in range(40)}
    assert len(keys) - len(set(keys)) <= 2
    assert {(token, proto) for *_rest, token, proto in Recorder.seen} == {
        ("Bearer yk_test", "https")
    }
    assert all(body == f'{{"n": {key.removeprefix("key-")}}}' for key, body, *_ in Recorder.seen)
