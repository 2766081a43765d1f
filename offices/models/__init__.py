from offices.models.calendar import Closure, Holiday, OpeningHours, Session
from offices.models.catalogue import Service, ServiceGuide, ServiceLine
from offices.models.organisation import Bureau, Counter, Membership, Office, OfficeService

__all__ = [
    "Bureau",
    "Closure",
    "Counter",
    "Holiday",
    "Membership",
    "Office",
    "OfficeService",
    "OpeningHours",
    "Service",
    "ServiceGuide",
    "ServiceLine",
    "Session",
]
