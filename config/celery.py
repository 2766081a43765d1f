"""The Celery application. Tasks carry identifiers only; what is due later is a row."""

import gc
import os
import time
from pathlib import Path

from celery import Celery
from celery.signals import after_task_publish, beat_init, setup_logging, worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

NICENESS = 10

app = Celery("yihao")
# Threads of the web server look for it too, and would fall back to one without our settings.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The request id of a page goes with the tasks that it causes.
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone where this signal is answered: Django has set it up."""


@worker_init.connect
def give_way(**_: object) -> None:
    """On a machine that also serves pages, what nobody waits for comes after them."""
    os.nice(NICENESS)
    _give_way_among_sessions()


@worker_init.connect
@beat_init.connect
def keep_what_is_loaded(**_: object) -> None:
    """Collections leave it alone, pool processes share its memory, and the end comes at once."""
    gc.freeze()


@beat_init.connect
def watch_beat(**_: object) -> None:
    after_task_publish.connect(_beat_published)


def _beat_published(**_: object) -> None:
    from config import presence  # Django is not set up when this module is loaded.

    presence.mark(presence.BEAT)


def _give_way_among_sessions() -> None:
    """Linux may share the processor between sessions first, which have a niceness of their own."""
    for _attempt in range(3):
        try:
            Path("/proc/self/autogroup").write_text(str(NICENESS))
        except BlockingIOError:
            # Only root may set two of them within a tenth of a second.
            time.sleep(0.1)
        except OSError:
            return
        else:
            return
