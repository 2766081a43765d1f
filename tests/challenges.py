"""What a browser reads out of a page with a challenge, and answers."""

import json
import re
from html import unescape
from typing import Any

import altcha


def question_of(page: str) -> dict[str, Any]:
    found = re.search(r'data-challenge="([^"]*)"', page)
    assert found
    asked: dict[str, Any] = json.loads(unescape(found[1]))
    return asked


def token_of(page: str) -> str:
    found = re.search(r'name="wait" value="([^"]*)"', page)
    assert found
    return found[1]


def solved(page: str) -> dict[str, str]:
    question = altcha.Challenge.from_dict(question_of(page))
    solution = altcha.solve_challenge(question)
    assert solution
    return {"altcha": altcha.Payload(question, solution).to_base64()}
