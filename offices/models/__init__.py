from offices.models.calendar import Closure, Holiday, OpeningHours, Session, SessionSeries
from offices.models.catalogue import Service, ServiceGuide, ServiceLine
from offices.models.changes import OrganisationChange
from offices.models.organisation import (
    Bureau,
    Counter,
    CounterShift,
    Membership,
    Office,
    OfficeService,
)
from offices.models.planning import Duty, Notice, Season, SurgePeriod, SurgePlan
from offices.models.self_service import Device, SelfServiceSite

__all__ = [
    "Bureau",
    "Closure",
    "Counter",
    "CounterShift",
    "Device",
    "Duty",
    "Holiday",
    "Membership",
    "Notice",
    "Office",
    "OfficeService",
    "OpeningHours",
    "OrganisationChange",
    "Season",
    "SelfServiceSite",
    "Service",
    "ServiceGuide",
    "ServiceLine",
    "Session",
    "SessionSeries",
    "SurgePeriod",
    "SurgePlan",
]
