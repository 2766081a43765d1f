"""JSON as RFC 8259 has it, and no more of it than a booking needs."""

import json
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

MAX_BYTES = 64 * 1024


class SmallJSONParser(parsers.JSONParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Any = None,  # noqa: ARG002
    ) -> Any:
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise ParseError(_("The body is larger than 64 KiB."))
        try:
            data = json.loads(body.decode(), parse_constant=_refuse)
            # Half a character (\ud800) passes as JSON, and no answer could name it.
            json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON.")) from error
        return data


def _refuse(constant: str) -> None:
    # NaN and Infinity are Python's, not JSON's.
    raise ValueError(constant)
