"""python -m bench.seeding BOOKINGS OFFICES"""

import argparse
import os
import sys
import time

import django

from bench.seeding.sizes import Size


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.seeding")
    parser.add_argument("bookings", type=int)
    parser.add_argument("offices", type=int)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _load(Size(arguments.bookings, arguments.offices))
    return 0


def _load(size: Size) -> None:
    from django.utils import timezone

    from bench.seeding.loading import load

    begun = time.monotonic()
    load(size, timezone.now(), lambda step: print(f"{time.monotonic() - begun:6.1f} s  {step}"))


if __name__ == "__main__":
    sys.exit(main())
