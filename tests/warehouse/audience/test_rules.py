"""The edges of the rules, and that the marts keep to the methods."""

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dip.definitions.queries import metric_versions
from dip.warehouse.queries.audience.figures import Cell
from dip.warehouse.queries.audience.parts import QUESTIONS, part
from dip.warehouse.rules.audience.buying import leads, local_days, moments, price_bands
from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.tickets.makers import NATIONAL, THEATRE, UNMATCHED, mart_sql


def cells(code, *amounts, organisations=1, rest=None):
    asked = QUESTIONS[code]
    return {
        (asked.number, asked.first + place): Cell(amount, organisations, amount if rest is None else rest)
        for place, amount in enumerate(amounts)
        if amount
    }


def counts(code, *amounts, crosses=False, wholes=(), **over):
    return [row.count for row in part(code, cells(code, *amounts, **over), crosses, {}, wholes).rows]


def test_nine_buyers_are_held_back_and_ten_are_shown():
    assert counts("returning", 40, 30, 10) == [40, 30, 10]
    assert counts("returning", 40, 30, 9) == [40, None, None]  # a second one, or the total would tell
    assert counts("returning", 9) == [None, None, None]
    assert counts("returning", 40, 30, 0) == [40, 30, 0]


def test_an_attribute_that_nine_in_ten_share_is_not_told():
    assert counts("stages", 89, 11, 0, 0) == [90, 10, 0, 0]
    assert counts("stages", 90, 10, 0, 0) == [None] * 4
    assert counts("channels", 90, 10) == [90, 10, 0, 0, 0, 0, 0]  # of orders: tells of nobody
    assert counts("genders", 500, 89, 11, 0) == [500, 90, 10, 0]  # of what is known
    assert counts("genders", 500, 90, 10, 0) == [None] * 4


def test_few_who_are_not_known_are_not_the_rest_of_a_total():
    assert counts("genders", 4, 60, 40, 0) == [None, 60, None, 0]


def test_cells_that_cross_organisations_want_three_and_a_rest_beyond_the_largest():
    assert counts("kinds", 40, 30, crosses=True, organisations=3, rest=20) == [40, 30, 0, 0]
    assert counts("kinds", 40, 30, crosses=True, organisations=2, rest=20) == [None] * 4
    assert counts("kinds", 40, 30, crosses=True, organisations=3, rest=9) == [None] * 4


def test_a_part_of_a_whole_that_leaves_fewer_than_ten_is_held_back():
    whole = cells("kinds", 49, 60, 40)
    assert counts("kinds", 40, 30, 20, wholes=[whole]) == [None, 30, None, 0]
    assert counts("kinds", 39, 30, 20, wholes=[whole]) == [40, 30, 20, 0]
    assert counts("kinds", 49, 60, 31, wholes=[whole]) == [None] * 4  # nine beyond it in all
    assert counts("kinds", 49, 60, 40, wholes=[whole]) == [50, 60, 40, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*THEATRE, *UNMATCHED, *NATIONAL])
def test_every_mart_names_definitions_that_are(name):
    header = "\n".join(line[2:].strip() for line in mart_sql(name).splitlines() if line.startswith("--"))
    codes = re.split(r",\s+", re.search(r"definitions: ([\w,\s]*)", header)[1].strip())
    assert codes == ["none"] or all(metric_versions(code, "en") for code in codes), codes


def test_the_clock_of_the_marts_is_that_of_the_methods():
    connection = open_reader()
    first = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp()) // 3600
    hours = np.arange(first, first + 24 * 365 * 14, 1)
    connection.execute("CREATE TABLE ticket AS SELECT unnest($1)::INTEGER AS sold_hour, 1 AS state", [hours.tolist()])
    table = connection.execute(mart_sql("audience_hour") + " ORDER BY sold_hour").fetchnumpy()
    assert (table["local_day"] == local_days(hours)).all()
    assert (table["moment"] == moments(hours)).all()


def test_distances_and_prices_of_the_marts_are_those_of_the_methods():
    connection = open_reader()
    day = datetime(2026, 10, 25, tzinfo=UTC)
    sold = np.array([int((day - timedelta(hours=hour)).timestamp()) // 3600 for hour in range(-30, 24 * 200)])
    cents = np.array([[-1, 0, 1, 1499, 1500, 2499, 2500, 3499, 3500, 9000][place % 10] for place in range(len(sold))])
    connection.execute(
        "CREATE TABLE ticket AS SELECT place AS production, DATE '2026-10-25' AS performance_date, sold_hour, price_cents, 1 AS kind, "
        "1 AS state, 1 AS buyer FROM (SELECT unnest($1) AS place, unnest($2) AS sold_hour, unnest($3) AS price_cents)",
        [list(range(len(sold))), sold.tolist(), cents.tolist()],
    )
    connection.execute(f"CREATE TABLE audience_hour AS {mart_sql('audience_hour')}")
    table = connection.execute(f"SELECT * FROM ({mart_sql('audience_line')}) ORDER BY production").fetchnumpy()
    epoch_day = int(day.timestamp()) // 86400
    assert (table["lead"] == leads(sold, np.full(len(sold), epoch_day))).all()
    assert (table["price"] == price_bands(cents)).all()
