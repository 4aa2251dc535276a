"""Two hands at once: numbers stay without gaps, and a borderel is invoiced once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection

from dip.contracts.actions import invoices as actions
from tests.contracts.invoices.deals import kept, series, settled
from tests.factories.registry import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call gives or raises, all begun together."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        results = list(pool.map(run, calls))
    close_old_connections()
    return results


def issuing(deal):
    return lambda: actions.issue_invoice(access=deal.provider, at=NOW, agreement_id=deal.agreement.pk).number


def test_invoices_of_one_seller_at_once_get_numbers_that_follow_each_other():
    first = settled()
    deals = [first, *(settled(producer=first.producer) for _ in range(2))]
    for deal in deals:
        assert deal.provider  # made before the threads begin
    assert sorted(at_once(*(issuing(deal) for deal in deals))) == ["F2026-0001", "F2026-0002", "F2026-0003"]


def test_a_borderel_is_invoiced_once_however_often_it_is_asked():
    deal = settled()
    assert deal.provider
    results = at_once(*(issuing(deal) for _ in range(3)))
    assert [one for one in results if isinstance(one, str)] == ["F2026-0001"]
    assert sum(isinstance(one, actions.UnableToInvoice) for one in results) == 2
    assert (len(kept(deal)), list(series().values())) == (1, [1])
