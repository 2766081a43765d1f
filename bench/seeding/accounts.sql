-- Who books comes back: four bookings an account. The first thousand are people who can sign in.

INSERT INTO applicants_account
    (id, password, is_superuser, display_name, medium, contact, contact_hash, language, is_staff,
     is_active, created_at)
SELECT
    %(first_account)s + account.n, '!', false, '', 'sms', person.contact,
    CASE WHEN account.n < 1000 THEN person.contact_hash ELSE sha256(int8send(-account.n)) END,
    'zh-hans', false, true, %(now)s - interval '3 years'
FROM generate_series(0::bigint, %(accounts)s - 1) account (n)
JOIN seed_person person ON person.n = account.n %% 1000;
