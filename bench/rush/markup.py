"""What a browser finds in our pages. Locust imports this too, so the standard library is all."""

import re

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CHOICE = re.compile(r'<input type="(?:radio|checkbox)" name="(\w+)" value="([^"]+)"([^>]*)>')


def token_of(page: str) -> str:
    """The token that a form sends back; "" on a page without a form."""
    found = TOKEN.search(page)
    return found[1] if found else ""


def free_choices(page: str, name: str) -> list[str]:
    """The values of a field that can be chosen."""
    return [
        value
        for field, value, attributes in CHOICE.findall(page)
        if field == name and "disabled" not in attributes
    ]
