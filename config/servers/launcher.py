"""`make run`: servers, web, workers and beat under one supervisor, until Ctrl-C.

python -m config.servers.launcher [--follow-parent]
"""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from textwrap import indent
from types import FrameType
from typing import NoReturn

from config.servers.environment import VARIABLES, missing_variables
from config.servers.errors import ServersError, sentence
from config.servers.keys import load_keys
from config.servers.pair import publish, start_servers, withdraw
from config.servers.programs import run, start, tie_to_parent
from config.servers.state import State, lock, open_state, state_root
from config.servers.supervisor import Supervisor
from config.servers.workload import Workload, app_environment

DEFAULT_PORT = "8000"
WEB_SECONDS = 60
STOP_SECONDS = 15
TICK_SECONDS = 0.25
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.servers.launcher")
    parser.add_argument(
        "--follow-parent", action="store_true", help="end when the process that started this ends"
    )
    if parser.parse_args().follow_parent:
        tie_to_parent()
    _interrupt_on_signals()
    try:
        _launch()
    except KeyboardInterrupt:
        return 0
    except ServersError as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(sentence(error))


def _launch() -> NoReturn:
    """Run until a signal interrupts. Raises ServersError when something can't run."""
    port = _web_port()
    state = open_state(state_root())
    supervisor = Supervisor(_say)
    with lock(state, "make run"):
        try:
            _bring_up(state, port, supervisor)
            while True:
                supervisor.tick()
                time.sleep(TICK_SECONDS)
        finally:
            _ignore_signals()
            withdraw(state)
            _stop(supervisor, state)


def _bring_up(state: State, port: int, supervisor: Supervisor) -> None:
    keys = load_keys(state)
    environment = app_environment(state, keys, port)
    missing = missing_variables()
    if missing:
        _say("Starting the servers …")
        started = start_servers(state, keys, missing)
        supervisor.watch(one.running for one in started)
        environment |= {one.server.variable: one.url for one in started}
    publish(state, {name: environment[name] for name in VARIABLES})

    workload = Workload(state, environment, port)
    _say("Preparing the database …")
    accounts = run(workload.preparation())
    _say("Starting web, workers and beat …")
    web, *others = workload.programs()
    supervisor.watch([start(web)])
    # Whoever waits for the first page waits for one program rather than for four at once.
    _wait_for_web(port, supervisor, state)
    supervisor.watch_beside([start(program) for program in others])
    _greet(environment["PUBLIC_URL"], accounts, state, demo=environment["DEMO"] == "1")


def _stop(supervisor: Supervisor, state: State) -> None:
    if supervisor.idle:
        return
    _say("Stopping …")
    supervisor.stop(STOP_SECONDS)
    _say(f"Stopped. The data stay in {state.root}.")


def _web_port() -> int:
    """Return the port for the web server. Raises ServersError when it can't be had."""
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ServersError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError as error:
            raise ServersError(
                f"Port {text} is reserved for root: try make run PORT=8000."
            ) from error
        except OSError as error:
            raise ServersError(
                f"Port {text} is taken by another program: choose another one, for example "
                f"make run PORT={int(text) % 60000 + 1}."
            ) from error
    return int(text)


def _wait_for_web(port: int, supervisor: Supervisor, state: State) -> None:
    deadline = time.monotonic() + WEB_SECONDS
    while not _web_answers(port):
        supervisor.tick()
        if time.monotonic() > deadline:
            raise ServersError(
                f"The web server didn't answer within {WEB_SECONDS} seconds; its log is "
                f"{state.log('web')}."
            )
        time.sleep(0.1)


def _web_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(address: str, accounts: str, state: State, *, demo: bool) -> None:
    lines = ["", "Yihao is ready.", "", f"  Open      {address}/"]
    if demo:
        lines.append(f"  Messages  {address}/demo/messages/")
    lines += [f"  Logs      {state.logs}", ""]
    if accounts.strip():
        lines += ["  Demo accounts", indent(accounts.rstrip(), " " * 4), ""]
    lines.append("Ctrl-C stops everything and keeps the data.")
    _say("\n".join(lines))


def _say(text: str) -> None:
    # The terminal may be gone, and what was started must be stopped all the same.
    with suppress(OSError):
        print(text, flush=True)


def _complain(text: str) -> int:
    with suppress(OSError):
        print(f"Yihao: {text}", file=sys.stderr)
    return 1


def _interrupt_on_signals() -> None:
    for number in STOP_SIGNALS:
        # nohup sets SIGHUP to be ignored, and means it.
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # One interruption is enough: a second one must not break off the orderly stop.
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
