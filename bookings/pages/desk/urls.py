"""The staff's desk, under /desk/."""

from django.urls import path

from bookings.pages.desk import (
    book,
    bookings,
    choose,
    day,
    days,
    history,
    hours,
    policy,
    reports,
    sessions,
    slot,
    split,
    week,
)

urlpatterns = [
    path("", choose.choose, name="desk"),
    path("<slug:code>/", day.day, name="desk-day"),
    path("<slug:code>/week/", week.week, name="desk-week"),
    path("<slug:code>/windows/<int:pk>/", slot.slot, name="desk-slot"),
    path("<slug:code>/close/", days.close, name="desk-close-day"),
    path("<slug:code>/closures/<int:pk>/reopen/", days.reopen, name="desk-reopen-day"),
    path("<slug:code>/split/", split.split, name="desk-split"),
    path("<slug:code>/history/", history.history, name="desk-history"),
    path("<slug:code>/history/<int:pk>/undo/", history.undo_change, name="desk-undo"),
    path("<slug:code>/sessions/", sessions.sessions, name="desk-sessions"),
    path("<slug:code>/sessions/<int:pk>/remove/", sessions.remove, name="desk-session-remove"),
    path("<slug:code>/hours/", hours.hours, name="desk-hours"),
    path("<slug:code>/hours/<int:pk>/end/", hours.end, name="desk-hours-end"),
    path("<slug:code>/book/", book.book, name="desk-book"),
    path("<slug:code>/bookings/", bookings.find, name="desk-bookings"),
    path("<slug:code>/bookings/<slug:number>/", bookings.booking, name="desk-booking"),
    path("<slug:code>/reports/", reports.reports, name="desk-reports"),
    path("<slug:code>/policy/", policy.policy, name="desk-policy"),
]
