"""Which tasks wait in which queue, so that nobody's sign-in code stands behind a night's work.

A worker that serves several takes from the one named first as long as it holds something. A plain
`celery -A config worker` serves all of them.
"""

# Somebody waits for a code; reminders leave behind it.
MESSAGES = "messages"
# Places that somebody could have.
RELEASE = "release"
# Whatever may wait for minutes: every task that isn't named below.
HOUSEKEEPING = "housekeeping"
QUEUES = (MESSAGES, RELEASE, HOUSEKEEPING)

ROUTES = {
    "applicants.tasks.deliver_messages": {"queue": MESSAGES},
    "bookings.tasks.expire_holds": {"queue": RELEASE},
    "bookings.tasks.follow_sessions": {"queue": RELEASE},
    "bookings.tasks.hand_over_to_walk_in": {"queue": RELEASE},
    "bookings.tasks.mark_no_shows": {"queue": RELEASE},
    "bookings.tasks.offer_places": {"queue": RELEASE},
    "bookings.tasks.publish_office": {"queue": RELEASE},
    "bookings.tasks.release_reserve": {"queue": RELEASE},
    "bookings.tasks.watch_releases": {"queue": RELEASE},
}
