"""The peer side by side: pretix's order API under the load that our bookings get. See README.md."""
