"""Bring database and static files up to date, in one process, before the web server starts.

Prints what a visitor of the demonstration needs to sign in.
"""

import gc
import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.apps import YIHAO


def main() -> None:
    django.setup()
    # Ours alone: Django's would load every page only to look at the routes, and the web server
    # lets them run when it has loaded the pages anyway.
    BaseCommand().check(tags=[YIHAO])
    call_command("migrate", interactive=False, verbosity=0)
    _collect_static(Path(settings.STATIC_ROOT))
    if settings.DEMO:
        call_command("load_demo", if_empty=True, stdout=sys.stderr)
        call_command("demo_accounts")


def _collect_static(target: Path) -> None:
    """Collect when a source file has changed: hashing and compressing all takes seconds."""
    stamp = target.with_name("static.stamp")
    signature = _signature()
    if target.exists() and stamp.exists() and stamp.read_text() == signature:
        return
    call_command("collectstatic", interactive=False, clear=target.exists(), verbosity=0)
    stamp.write_text(signature)


def _signature() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            changed = storage.get_modified_time(path).timestamp()
            digest.update(f"{path} {storage.size(path)} {changed}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
    # Python would take all of Django apart before it ends, and the web server waits for that.
    gc.freeze()
