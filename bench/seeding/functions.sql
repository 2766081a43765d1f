-- The check digit of a booking number (bookings/domain/numbers.py), over its eleven others.

CREATE FUNCTION pg_temp.doubled(digit bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT 2 * digit - CASE WHEN digit > 4 THEN 9 ELSE 0 END $$;

CREATE FUNCTION pg_temp.check_digit(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (100 - pg_temp.doubled(n % 10) - n / 10 % 10
        - pg_temp.doubled(n / 100 % 10) - n / 1000 % 10
        - pg_temp.doubled(n / 10000 % 10) - n / 100000 % 10
        - pg_temp.doubled(n / 1000000 % 10) - n / 10000000 % 10
        - pg_temp.doubled(n / 100000000 % 10) - n / 1000000000 % 10
        - pg_temp.doubled(n / 10000000000 % 10)) % 10
$$;
