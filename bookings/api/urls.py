"""Below /api/v1/."""

from django.urls import path

from bookings.api.availability import DayList, SlotList
from bookings.api.bookings import (
    BookingDetail,
    BookingList,
    CancelBooking,
    ConfirmBooking,
    RescheduleBooking,
)
from bookings.api.quotas import QuotaDetail, QuotaList

_BOOKING = "bookings/<slug:number>/"

urlpatterns = [
    path("offices/<slug:code>/days/", DayList.as_view(), name="api-days"),
    path("offices/<slug:code>/slots/", SlotList.as_view(), name="api-slots"),
    path("bookings/", BookingList.as_view(), name="api-bookings"),
    path(_BOOKING, BookingDetail.as_view(), name="api-booking"),
    path(f"{_BOOKING}confirm/", ConfirmBooking.as_view(), name="api-booking-confirm"),
    path(f"{_BOOKING}cancel/", CancelBooking.as_view(), name="api-booking-cancel"),
    path(f"{_BOOKING}reschedule/", RescheduleBooking.as_view(), name="api-booking-reschedule"),
    path("quotas/", QuotaList.as_view(), name="api-quotas"),
    path("quotas/<int:pk>/", QuotaDetail.as_view(), name="api-quota"),
]
