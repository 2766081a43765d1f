from visits.models.ticket import CheckIn, Ticket, TicketSeries

__all__ = ["CheckIn", "Ticket", "TicketSeries"]
