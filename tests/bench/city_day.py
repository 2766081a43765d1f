"""Runs inside Django: python -m tests.bench.city_day DATE prints the city's figures of that day."""

import datetime as dt
import json
import sys


def main() -> None:
    import django

    django.setup()
    from bookings.domain.city import city
    from offices.models import Office

    seen = city(list(Office.objects.all()), dt.date.fromisoformat(sys.argv[1]))
    day = seen.today
    print(json.dumps({"items": day.items, "people": day.people, "taken": seen.days[0].taken}))


if __name__ == "__main__":
    main()
