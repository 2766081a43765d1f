-- 24 windows of every office on every day, in the order in which publishing would write them.
-- A slot's id says which it is: (day × offices + office) × 24 + window + 1.

INSERT INTO bookings_slot
    (id, office_id, line_id, date, starts_at, ends_at, opens_at, close_reason, withdrawn,
     reserve_released_at)
SELECT
    (day.n * %(offices)s + office.n) * 24 + w.n + 1,
    office.id,
    w.line_id,
    day.date,
    (day.date + w.starts) AT TIME ZONE 'Asia/Shanghai',
    (day.date + w.starts) AT TIME ZONE 'Asia/Shanghai' + interval '30 minutes',
    (day.date - 14 + time '08:00') AT TIME ZONE 'Asia/Shanghai',
    '',
    false,
    -- Unclaimed assisted places went online the evening before.
    CASE WHEN released.at <= %(now)s THEN released.at END
FROM seed_day day
CROSS JOIN seed_office office
CROSS JOIN seed_window w
CROSS JOIN LATERAL (
    SELECT (day.date - 1 + time '18:00') AT TIME ZONE 'Asia/Shanghai' AS at
) released
ORDER BY day.n, office.n, w.n;
