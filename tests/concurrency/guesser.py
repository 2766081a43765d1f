"""One process that guesses a sign-in code: `python -m tests.concurrency.guesser '{"folder": …}'`.

It says how often it was told that a guess was wrong, refused, or right.
"""

import datetime as dt
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django


def guess(config: dict[str, Any]) -> Counter[str]:
    from applicants.domain.sign_in import verify_code
    from applicants.domain.sign_in_errors import SignInError

    told: Counter[str] = Counter()
    now = dt.datetime.fromisoformat(config["now"])
    for digits in config["guesses"]:
        try:
            verify_code("sms", config["phone"], digits, now)
        except SignInError as error:
            told[error.code] += 1
        else:
            told["in"] += 1
    return told


def main(config: dict[str, Any]) -> None:
    django.setup()
    folder = Path(config["folder"])
    (folder / f"ready-{config['number']}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    sys.stdout.write(json.dumps(guess(config)))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
