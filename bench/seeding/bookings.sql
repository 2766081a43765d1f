-- Citizens book with an account, staff for somebody (帮办), partners for themselves. An id of a quota
-- is three times its slot's; all take from the first one, which is online.

INSERT INTO bookings_booking
    (id, number, status, slot_id, quota_id, places, channel, account_id, operator_id, partner_id,
     contact_phone, contact_phone_hash, contact_email, language, delivery, delivery_address,
     version, created_at, expires_at, confirmed_at, ended_at)
SELECT
    draft.id,
    draft.number,
    status,
    slot_id,
    slot_id * 3,
    places,
    channel,
    CASE WHEN self_service THEN %(first_account)s + booker END,
    CASE WHEN channel IN ('phone', 'counter') THEN %(operator)s::bigint END,
    CASE WHEN channel = 'partner' THEN %(partner)s::bigint END,
    person.phone,
    CASE WHEN booker < 1000 THEN person.contact_hash ELSE sha256(int8send(-booker)) END,
    '', 'zh-hans', 'pickup', '', 0,
    draft.created_at,
    CASE WHEN self_service THEN draft.created_at + interval '10 minutes' END,
    CASE WHEN status <> 'expired' THEN draft.created_at + interval '90 seconds' END,
    CASE status
        WHEN 'expired' THEN draft.created_at + interval '10 minutes'
        WHEN 'cancelled' THEN LEAST(draft.created_at + interval '1 day', starts_at, %(now)s)
        WHEN 'no_show' THEN starts_at + interval '45 minutes'
    END
FROM (
    SELECT *, dice / 100000000 %% %(accounts)s AS booker,
        channel IN ('web', 'wechat') AS self_service
    FROM seed_draft
) draft
JOIN seed_person person ON person.n = booker %% 1000
ORDER BY draft.id;
