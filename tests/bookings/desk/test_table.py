"""What spreadsheets make of the cells that people typed."""

import csv
import io

import pytest

from bookings.pages.desk.table import csv_response


def table(cell: object) -> str:
    response = csv_response("table.csv", ["Reason"], [[cell]])
    body = b"".join(response.streaming_content).decode()
    _head, row = csv.reader(io.StringIO(body.removeprefix("\ufeff"), newline=""))
    return row[0]


@pytest.mark.parametrize("sign", tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))
def test_no_cell_begins_a_formula(sign):
    assert table(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("cell", ["高峰", "1-2", "", "'="])
def test_other_texts_stay_as_they_are(cell):
    assert table(cell) == cell


def test_numbers_below_zero_stay_numbers():
    assert table(-3) == "-3"
