"""Millions of made-up bookings, written by the server itself in minutes.

    python -m bench.seeding BOOKINGS OFFICES

into an empty, migrated database: everything in one transaction, so that a run that was stopped
leaves nothing behind. The present (the coming two weeks) has the same shape at any size; what
grows is the past, and with the offices the width.
"""
