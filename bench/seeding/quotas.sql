-- The counters, which agree with the bookings. What nobody claimed has moved on: assisted places
-- online the evening before, all that is left to walk-ins when the window begins.

INSERT INTO bookings_quota (id, slot_id, pool, capacity, taken, version, edited, closed)
SELECT
    slot.id * 3 + pool.n,
    slot.id,
    pool.name,
    CASE pool.name
        WHEN 'online' THEN CASE
            WHEN over THEN taken.places
            ELSE w.online + CASE WHEN released THEN w.assisted ELSE 0 END
        END
        WHEN 'assisted' THEN CASE WHEN released THEN 0 ELSE w.assisted END
        ELSE w.walk_in + CASE WHEN over THEN w.online + w.assisted - taken.places ELSE 0 END
    END,
    CASE pool.name WHEN 'online' THEN taken.places ELSE 0 END,
    CASE WHEN over THEN 3 WHEN released THEN 2 ELSE 1 END,
    false,
    false
FROM (
    SELECT id, starts_at <= %(now)s AS over, reserve_released_at IS NOT NULL AS released
    FROM bookings_slot
) slot
JOIN seed_window w ON w.n = (slot.id - 1) %% 24
CROSS JOIN (VALUES (0, 'online'), (1, 'assisted'), (2, 'walk_in')) pool (n, name)
LEFT JOIN (
    SELECT slot_id, sum(places) AS places FROM seed_draft
    WHERE status IN ('confirmed', 'served') GROUP BY slot_id
) booked ON booked.slot_id = slot.id
CROSS JOIN LATERAL (SELECT coalesce(booked.places, 0) AS places) taken
ORDER BY slot.id, pool.n;

-- Of the system's own changes the last one: places handed over to walk-ins.

INSERT INTO bookings_quotachange
    (quota_id, kind, at, from_capacity, to_capacity, version, reason)
SELECT
    slot.id * 3 + pool.n, 'released', slot.starts_at,
    CASE pool.n WHEN 0 THEN w.online + w.assisted ELSE w.walk_in END,
    quota.capacity, 3, ''
FROM bookings_slot slot
JOIN seed_window w ON w.n = (slot.id - 1) %% 24
CROSS JOIN (VALUES (0), (2)) pool (n)
JOIN bookings_quota quota ON quota.id = slot.id * 3 + pool.n
WHERE slot.starts_at <= %(now)s
ORDER BY slot.id, pool.n;
