-- In the past people come three times on average, and the first thousand are real enough to be
-- found by their number. Who is booked now is nobody else: a person has one active booking a line.

INSERT INTO bookings_attendee
    (booking_id, position, line_id, name, id_type, id_number, identity_hash, birth_date_text,
     nationality, priority, accompanied, places, active)
SELECT
    draft.id, position, line_id, person.name, 'resident_id', person.id_number,
    CASE WHEN who < 1000 THEN person.identity_hash ELSE sha256(int8send(who)) END,
    person.birth_date, '', 'none', false, 1, status = 'confirmed'
FROM seed_draft draft
CROSS JOIN LATERAL generate_series(0, places - 1) position
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN status = 'confirmed' THEN 1000000000 + draft.id * 4 + position
        ELSE (hashint8extended(draft.id * 4 + position, 2) & 9223372036854775807) %% %(people)s
    END AS who
) someone
JOIN seed_person person ON person.n = who %% 1000
ORDER BY draft.id, position;
