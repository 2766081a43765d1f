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

__all__ = [
    "Bureau",
    "Closure",
    "Counter",
    "CounterShift",
    "Duty",
    "Holiday",
    "Membership",
    "Notice",
    "Office",
    "OfficeService",
    "OpeningHours",
    "OrganisationChange",
    "Season",
    "Service",
    "ServiceGuide",
    "ServiceLine",
    "Session",
    "SessionSeries",
    "SurgePeriod",
    "SurgePlan",
]
