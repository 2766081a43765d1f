-- What becomes of each booking, narrow, and numbered in the order of time in which they were made.
-- `dice` are 63 random bits that are the same in every run. Numbers look random and are all
-- different, since the factor has no divisor in common with 9 × 10^10.

CREATE TEMP TABLE seed_draft ON COMMIT DROP AS
SELECT
    id, slot_id, line_id, starts_at, places, dice, created_at,
    (payload * 10 + pg_temp.check_digit(payload))::text AS number,
    CASE
        WHEN dice %% 100 < 86 THEN CASE WHEN over THEN 'served' ELSE 'confirmed' END
        WHEN dice %% 100 < 92 THEN CASE WHEN over THEN 'no_show' ELSE 'confirmed' END
        WHEN dice %% 100 < 98 THEN 'cancelled'
        ELSE 'expired'
    END AS status,
    CASE
        WHEN dice / 100 %% 100 < 35 THEN 'web'
        WHEN dice / 100 %% 100 < 75 THEN 'wechat'
        WHEN dice / 100 %% 100 < 85 THEN 'partner'
        WHEN dice / 100 %% 100 < 93 THEN 'phone'
        WHEN dice / 100 %% 100 < 97 THEN 'counter'
        ELSE 'kiosk'
    END AS channel
FROM (
    SELECT *, row_number() OVER (ORDER BY created_at) AS id
    FROM (
        SELECT
            slot.id AS slot_id, slot.line_id, starts_at, over, nth.dice,
            -- 1.6 people on average, and never more in a window than its pool has places.
            (ARRAY[1, 1, 2, 1, 1, 1, 3, 1, 1, 2, 1, 4])[(slot.id + k) %% 12 + 1] AS places,
            -- Most book soon after the day has opened.
            opens_at + (LEAST(%(now)s, starts_at - interval '1 hour') - opens_at)
                * (nth.dice / 10000 %% 1000 / 1000.0) ^ 2 AS created_at
        FROM (
            SELECT *, starts_at <= %(now)s AS over,
                hashint8extended(id, 0) & 9223372036854775807 AS dice
            FROM bookings_slot
        ) slot
        JOIN seed_window w ON w.n = (slot.id - 1) %% 24
        -- The coming days are not booked out yet.
        CROSS JOIN LATERAL generate_series(
            1,
            round((w.fewest + slot.dice %% w.spread) * CASE WHEN over THEN 1 ELSE 0.7 END)::int
        ) k
        CROSS JOIN LATERAL (
            SELECT hashint8extended(slot.id * 16 + k, 1) & 9223372036854775807 AS dice
        ) nth
    ) wish
) made
CROSS JOIN LATERAL (SELECT 10000000000 + id * 61803398897 %% 90000000000 AS payload) number;

CREATE UNIQUE INDEX ON seed_draft (id);
CREATE INDEX ON seed_draft (slot_id);
ANALYZE seed_draft;
