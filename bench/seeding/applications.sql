-- One or two services a person, those of their line.

INSERT INTO bookings_application (attendee_id, service_id, guide_id)
SELECT attendee.id, service.id, service.guide_id
FROM bookings_attendee attendee
CROSS JOIN LATERAL generate_series(0, (attendee.id %% 5 / 3)::int) nth
JOIN seed_service service
    ON service.line_id = attendee.line_id AND service.n = (attendee.id + nth) %% service.of_line
ORDER BY attendee.id, nth;
