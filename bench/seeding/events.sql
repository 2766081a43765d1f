-- What was noted while booking …

INSERT INTO bookings_bookingevent (booking_id, kind, at, account_id, partner_id, data)
SELECT booking.id, note.kind, note.at, coalesce(account_id, operator_id), partner_id, '{}'
FROM bookings_booking booking
CROSS JOIN LATERAL (
    VALUES ('held', created_at), ('confirmed', confirmed_at)
) note (kind, at)
WHERE note.at IS NOT NULL
ORDER BY booking.id;

-- … and what at the end, days later and therefore elsewhere in the table.

INSERT INTO bookings_bookingevent (booking_id, kind, at, account_id, data)
SELECT
    id,
    CASE status WHEN 'served' THEN 'checked_in' ELSE status END,
    CASE status
        WHEN 'served' THEN starts_at - interval '5 minutes'
        WHEN 'no_show' THEN starts_at + interval '45 minutes'
        ELSE LEAST(created_at + interval '1 day', starts_at, %(now)s)
    END,
    CASE WHEN status = 'served' THEN %(operator)s::bigint END,
    '{}'
FROM seed_draft
WHERE status <> 'confirmed'
ORDER BY slot_id;
