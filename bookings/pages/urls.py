"""Booking, and looking after one's bookings."""

from django.urls import path

from bookings.pages.citizen import change, check, mine, suspension, what, when, where, who

urlpatterns = [
    path("book/", what.what, name="book"),
    path("book/people/", who.who, name="book-people"),
    path("book/people/services/", who.wanted, name="book-wanted"),
    path("book/office/", where.where, name="book-office"),
    path("book/time/", when.when, name="book-time"),
    path("book/time/<int:slot_id>/full/", when.full, name="book-full"),
    path("book/<slug:number>/check/", check.check, name="book-check"),
    path("book/<slug:number>/contact/", check.contact, name="book-contact"),
    path("book/<slug:number>/confirm/", check.confirm_hold, name="book-confirm"),
    path("book/<slug:number>/give-up/", check.give_up, name="book-give-up"),
    path("bookings/", mine.my_bookings, name="my-bookings"),
    path("suspensions/", suspension.suspensions, name="suspensions"),
    path("bookings/<slug:number>/", mine.detail, name="booking"),
    path("bookings/<slug:number>/confirmed/", mine.confirmed, name="booking-confirmed"),
    path("bookings/<slug:number>/form/", mine.form, name="booking-form"),
    path("bookings/<slug:number>/cancel/", change.cancel_booking, name="booking-cancel"),
    path("bookings/<slug:number>/move/", change.move, name="booking-move"),
    path(
        "bookings/<slug:number>/move/<int:slot_id>/full/",
        change.move_full,
        name="booking-move-full",
    ),
]
