"""A browser without a screen on the live server, which notes all that it meets on its way."""

import re
from dataclasses import dataclass, field
from typing import Any

import requests
from requests import Response

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ADDRESSES = re.compile(r'(?:href|action|src)="([^"]*)"')


@dataclass
class Trail:
    """Of all browsers: addresses that we gave them, cookies, and what pages of errors said."""

    addresses: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def note(self, response: Response) -> None:
        for step in [*response.history, response]:
            self.addresses.append(step.headers.get("Location", ""))
            self.cookies.append(step.headers.get("Set-Cookie", ""))
        self.addresses += ADDRESSES.findall(response.text)
        self.note_error(response)

    def note_error(self, response: Response) -> None:
        if response.status_code >= 400:
            self.errors.append(response.text)
            self.statuses.add(response.status_code)


class Browser:
    """`cookies` are those of somebody who has signed in."""

    def __init__(self, base: str, trail: Trail, **cookies: str) -> None:
        self._base, self._trail = base, trail
        self._session = requests.Session()
        self._session.cookies.update(cookies)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, path: str, *, typed: bool = False) -> Response:
        """`typed`: the address is the user's own, and the page may repeat it to them."""
        response = self._session.get(self._base + path)
        if typed:
            self._trail.statuses.add(response.status_code)
        else:
            self._trail.addresses.append(response.url)
            self._trail.note(response)
        return response

    def post(self, path: str, files: Any = None, **answers: Any) -> Response:
        """Open the page, fill in its form and send it."""
        page = self._session.get(self._base + path)
        self._trail.note(page)
        return self.submit(page, path, files, **answers)

    def submit(self, page: Response, path: str, files: Any = None, **answers: Any) -> Response:
        """Send a form of this page to `path`."""
        found = TOKEN.search(page.text)
        assert found, f"{path} has no form: {page.status_code} {page.url}"
        data = {"csrfmiddlewaretoken": found[1], **answers}
        return self.send(path, data, files, Referer=page.url)

    def send(self, path: str, data: Any, files: Any = None, **headers: str) -> Response:
        response = self._session.post(self._base + path, data=data, files=files, headers=headers)
        self._trail.addresses.append(response.url)
        self._trail.note(response)
        return response

    def call(self, path: str, token: str, body: Any, **headers: str) -> Response:
        """As a partner's programme."""
        headers = {"Authorization": f"Bearer {token}", **headers}
        response = self._session.post(self._base + path, json=body, headers=headers)
        self._trail.note(response)
        return response
