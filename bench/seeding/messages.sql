-- The news of the booking and its two reminders, with all that their texts need. Of what is longer
-- ago than a month only the first is there, without its text, to spare the disk.

INSERT INTO applicants_message
    (reference, kind, version, medium, recipient, language, context, secret, due_at, not_after,
     state, attempts, claimed_at, sent_at, gateway_reference, created_at)
SELECT
    draft.number,
    news.kind, 0, 'sms', person.recipient, 'zh-hans',
    CASE WHEN draft.old THEN '{}' ELSE
        office.facts || jsonb_build_object(
            'number', draft.number,
            'starts_at', starts_at AT TIME ZONE 'Asia/Shanghai',
            'ends_at', starts_at AT TIME ZONE 'Asia/Shanghai' + interval '30 minutes',
            'places', places
        )
    END,
    '', news.due_at,
    GREATEST(starts_at, news.due_at + interval '1 day'),
    fate.state,
    CASE fate.state WHEN 'sent' THEN 1 ELSE 0 END,
    CASE fate.state WHEN 'sent' THEN news.due_at END,
    CASE fate.state WHEN 'sent' THEN news.due_at + interval '1 second' END,
    CASE fate.state WHEN 'sent' THEN 'bench' ELSE '' END,
    draft.created_at
FROM (
    SELECT *, dice / 100000000 %% %(accounts)s AS booker,
        (slot_id - 1) / 24 %% %(offices)s AS hall,
        starts_at < %(now)s - interval '30 days' AS old
    FROM seed_draft
    WHERE status <> 'expired'
) draft
JOIN seed_person person ON person.n = booker %% 1000
JOIN seed_office office ON office.n = draft.hall
CROSS JOIN LATERAL (
    VALUES
        ('confirmed', created_at + interval '90 seconds'),
        ('reminder_day',
         ((starts_at AT TIME ZONE 'Asia/Shanghai')::date - 1 + time '18:00')
            AT TIME ZONE 'Asia/Shanghai'),
        ('reminder_hours', starts_at - interval '2 hours')
) news (kind, due_at)
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN news.kind <> 'confirmed' AND status = 'cancelled' THEN 'withdrawn'
        WHEN news.due_at <= %(now)s THEN 'sent'
        ELSE 'pending'
    END AS state
) fate
-- Who books after that moment has just read all of it.
WHERE news.kind = 'confirmed' OR (news.due_at > created_at AND NOT draft.old)
ORDER BY draft.id;
