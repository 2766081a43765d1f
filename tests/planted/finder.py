"""Finds planted people in bytes: in clear, with spaces and dashes, and in hex, base64 and escapes.

What is masked (350***********0018) is not found, as nobody can read it.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote_to_bytes

from tests.planted.people import Planted

# Words by their bytes, one level each.
Tree = dict[int, "Tree"]
_DIGITS = re.compile(rb"\d(?:[ \-.]{0,2}\d){9,19}[Xx]?")
_HEX_DIGITS = re.compile(rb"(?:3[0-9]|2[0d]){11,60}(?:58|78)?", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_\-]{14,}")
_BETWEEN = re.compile(rb"[ \-.]")
_PHONE, _IDENTITY = 11, 18


class Finder:
    """Looks for these people, whatever the bytes are."""

    def __init__(self, people: Iterable[Planted]) -> None:
        people = list(people)
        self._numbers = {one.phone.encode() for one in people}
        self._numbers |= {one.id_number.encode() for one in people}
        self._names = {form: one.name for one in people for form in _forms(one.name)}
        self._any_name = re.compile(_any_of(self._names))

    def find(self, data: bytes) -> set[str]:
        """What is found of them."""
        found = {self._names[match[0]] for match in self._any_name.finditer(data)}
        for clear in (data, *_in_hex(data), *_in_base64(data)):
            found |= {number.decode() for number in self._numbers_in(clear)}
        if b"%" in data:
            found |= {number.decode() for number in self._numbers_in(unquote_to_bytes(data))}
        return found

    def _numbers_in(self, data: bytes) -> Iterator[bytes]:
        for match in _DIGITS.finditer(data):
            run = _BETWEEN.sub(b"", match[0]).upper()
            for length in (_PHONE, _IDENTITY):
                for start in range(len(run) - length + 1):
                    if (part := run[start : start + length]) in self._numbers:
                        yield part


def _any_of(words: Iterable[bytes]) -> bytes:
    """A pattern that shares what words begin with: thousands of them cost little more than one."""
    tree: Tree = {}
    for word in words:
        branch = tree
        for number in word:
            branch = branch.setdefault(number, {})
    return _pattern(tree)


def _pattern(tree: "Tree") -> bytes:
    ways = [re.escape(bytes([number])) + _pattern(branch) for number, branch in tree.items()]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")" if ways else b""


def _in_hex(data: bytes) -> Iterator[bytes]:
    for match in _HEX_DIGITS.finditer(data):
        with_pairs = match[0][: len(match[0]) // 2 * 2]
        yield binascii.unhexlify(with_pairs)


def _in_base64(data: bytes) -> Iterator[bytes]:
    for match in _BASE64.finditer(data):
        run = match[0].translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            # Padding may be missing, or lie beyond the run.
            yield base64.b64decode(run[start:] + b"A" * (-(len(run) - start) % 4))


def _forms(name: str) -> set[bytes]:
    """How a name may be written. In base64 at each of the three places where it may begin."""
    utf8 = name.encode()
    escaped = name.encode("unicode_escape")
    forms = {
        utf8,
        escaped,
        escaped.upper().replace(b"\\U", b"\\u"),
        utf8.hex().encode(),
        utf8.hex().upper().encode(),
        quote(name).encode(),
        quote(name).lower().encode(),
        name.encode("utf-16-le"),
        name.encode("gb18030"),
    }
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + utf8)
        # Without the characters that its neighbours have a part in.
        forms.add(encoded[-(-before * 4 // 3) : (before + len(utf8)) * 4 // 3])
    return forms
