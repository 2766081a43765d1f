"""Citizens who are asked when they want to come: signed in, all questions before it answered.

Runs inside Django: python -m bench.visitors CODE … prints a session for each office.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bench.rush import households

if TYPE_CHECKING:
    from bench.stage import Stage

SERVICE = "passport-first"
# Serials that no crowd reaches.
FIRST = 80_000_000


def visitors(stage: "Stage", offices: Sequence[str]) -> list[str]:
    """The session of one citizen for each office."""
    return stage.python("bench.visitors", *offices).split()


def build(offices: Sequence[str]) -> Iterator[str]:
    """The same inside Django."""
    from django.contrib.sessions.backends.db import SessionStore

    from applicants.models import Applicant

    first = FIRST + Applicant.objects.count()
    people = households.build(range(first, first + len(offices)))
    for office, person in zip(offices, people, strict=True):
        session = SessionStore(person["session"])
        member = Applicant.objects.get(account_id=session["_auth_user_id"])
        session["draft"] = {"services": [SERVICE], "people": [member.pk], "office": office}
        session.save()
        yield person["session"]


def main() -> None:
    import django

    django.setup()
    for session in build(sys.argv[1:]):
        print(session)


if __name__ == "__main__":
    main()
