from visits.models.ticket import CheckIn, Ticket, TicketSeries
from visits.models.urgent import UrgentArrival

__all__ = ["CheckIn", "Ticket", "TicketSeries", "UrgentArrival"]
