"""pgbench's report is read as it is."""

import pytest

from bench.pgbench import PgbenchError, Transactions, parse

# As pgbench of PostgreSQL 18 printed it.
PRINTED = """pgbench (18.6)
transaction type: booking.sql
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 2
maximum number of tries: 1
duration: 2 s
number of transactions actually processed: 2342
number of failed transactions: 0 (0.000%)
latency average = 13.702 ms
initial connection time = 40.161 ms
tps = 1167.526386 (without initial connection time)
"""


def test_the_report_is_read() -> None:
    assert parse(PRINTED) == Transactions(1167.526386, 13.702, 2342, 0)


def test_a_report_without_a_rate_is_no_measurement() -> None:
    with pytest.raises(PgbenchError, match="printed no figures"):
        parse(PRINTED.partition("latency")[0])
