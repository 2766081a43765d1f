"""Make an organizer with one event series, its dates and a key. Run by pretix's own Python.

    PRETIX_CONFIG_FILE=… DJANGO_SETTINGS_MODULE=pretix.settings python -P seed.py MANY FEW SIZE LAST

MANY and FEW dates with SIZE places each, and FEW dates with LAST places. Every date has a quota
of its own for the one product, which costs nothing. Prints one line of JSON.
"""

import datetime as dt
import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scope  # noqa: E402
from pretix.base.models import Event, Item, Organizer, Quota, SubEvent, Team  # noqa: E402
from pretix.base.models.organizer import TeamAPIToken  # noqa: E402

SLUG = "bench"
FIRST_WINDOW = 30 * 24 * 60
WINDOW_MINUTES = 30


def main(many: int, few: int, size: int, last: int) -> None:
    organizer = Organizer.objects.create(name="Bench", slug=SLUG)
    with scope(organizer=organizer), transaction.atomic():
        item = _series(organizer)
        made = {
            "token": _token(organizer),
            "organizer": SLUG,
            "event": SLUG,
            "item": item.pk,
            "many": [_date(item, number, size) for number in range(many)],
            "few": [_date(item, many + number, size) for number in range(few)],
            "last": [_date(item, many + few + number, last) for number in range(few)],
        }
    print(json.dumps(made))


def _series(organizer: Organizer) -> Item:
    event = Event.objects.create(
        organizer=organizer,
        name="Appointments",
        slug=SLUG,
        currency="EUR",
        has_subevents=True,
        live=True,
        date_from=now(),
    )
    # As its pages create one: with the settings and plugins that a new event has.
    event.set_defaults()
    event.set_active_plugins(settings.PRETIX_PLUGINS_DEFAULT.split(","))
    event.save()
    return Item.objects.create(event=event, name="Place", default_price=0, admission=True)


def _date(item: Item, number: int, size: int) -> dict[str, int]:
    begins = now() + dt.timedelta(minutes=FIRST_WINDOW + number * WINDOW_MINUTES)
    date = SubEvent.objects.create(
        event=item.event, name=f"Window {number}", date_from=begins, active=True
    )
    quota = Quota.objects.create(event=item.event, subevent=date, name="Places", size=size)
    quota.items.add(item)
    return {"subevent": date.pk, "quota": quota.pk}


def _token(organizer: Organizer) -> str:
    team = Team.objects.create(
        organizer=organizer,
        name="Partner",
        all_events=True,
        all_event_permissions=True,
        all_organizer_permissions=True,
    )
    token: str = TeamAPIToken.objects.create(team=team, name="Key").token
    return token


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
