"""What staff may do, as people say it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.domain.permissions import Action

# In the order of a day's work, then of planning, then of keeping watch.
WORDS: list[tuple[Action, str | Promise]] = [
    (Action.SEE_DESK, _("See the day of an office")),
    (Action.CHECK_IN, _("Check people in")),
    (Action.CALL_NUMBERS, _("Call numbers and end visits")),
    (Action.FIND_BOOKINGS, _("Find bookings and see who is booked")),
    (Action.BOOK_FOR_OTHERS, _("Book for callers and people at the counter")),
    (Action.DECIDE_REQUESTS, _("Decide urgent requests and home visits")),
    (Action.DECIDE_APPEALS, _("Decide appeals against suspensions")),
    (Action.ADMIT_GROUPS, _("Admit enterprises and travel agencies")),
    (Action.CHANGE_QUOTAS, _("Change places")),
    (Action.CLOSE_WINDOWS, _("Close and reopen windows")),
    (Action.PUBLISH_SESSIONS, _("Plan sessions")),
    (Action.PLAN_HOURS, _("Plan hours, counters and the calendar")),
    (Action.PLAN_SURGES, _("Plan peaks and put surge plans in force")),
    (Action.KEEP_ROSTER, _("Keep the duty roster")),
    (Action.SET_POLICY, _("Set the policy")),
    (Action.SET_UP_OFFICES, _("Set up halls and district bureaus")),
    (Action.KEEP_DEVICES, _("Keep the list of self-service sites")),
    (Action.GRANT_SERVICES, _("Decide which office handles what")),
    (Action.SEE_REPORTS, _("See reports")),
    (Action.SEE_ACCESS, _("See who may do what")),
    (Action.GRANT_ACCESS, _("Give and take roles")),
]
