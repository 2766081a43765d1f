from visits.models.ticket import CheckIn, ConditionalAcceptance, Ticket, TicketSeries
from visits.models.urgent import UrgentArrival

__all__ = ["CheckIn", "ConditionalAcceptance", "Ticket", "TicketSeries", "UrgentArrival"]
