"""Nobody sees or touches what is somebody else's, whichever function is asked (CS-8)."""

import inspect
from datetime import UTC, datetime

import pytest
from balie_customer_service.models import PaymentMethod, ReturnKind, Severity
from balie_customer_service.services import (
    accounts,
    callbacks,
    devices,
    errors,
    fulfilment,
    incidents,
    orders,
    returns,
    tickets,
)

pytestmark = pytest.mark.anyio
MODULES = (accounts, callbacks, devices, fulfilment, incidents, orders, returns, tickets)
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
HOME = orders.Address("Havenstraat 5", "1012 AB", "Amsterdam")
CALLED_AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
"""C-1002 is called then."""

REFUSED = {
    accounts.get_customer: (["C-1002"], {}),
    callbacks.cancel_callback: ([CALLED_AT], {"now": NOW}),
    callbacks.finish_callback: ([CALLED_AT], {"reached": True, "by": "x", "now": NOW}),
    devices.get_device: (["HB-9E02-0417"], {}),
    devices.diagnose: (["HB-9E02-0417"], {"now": NOW}),
    incidents.get_incident: (["I-3002"], {}),
    incidents.create_incident: (
        [],
        {"device": "HB-9E02-0417", "description": "x", "severity": Severity.LOW, "now": NOW},
    ),
    incidents.linkable: (["I-3002", "T-20001"], {}),
    incidents.link_incident: (["I-3002", "T-20001"], {"now": NOW}),
    orders.get_order: (["10300"], {}),
    orders.cancellable: (["10302"], {}),
    orders.cancel_order: (["10302"], {"now": NOW}),
    orders.redirectable: (["10302"], {}),
    orders.change_address: (["10302", HOME], {"now": NOW}),
    returns.returnable: (["10288"], {"now": NOW}),
    returns.start_return: (["10288"], {"kind": ReturnKind.RETURN, "reason": "x", "now": NOW}),
    returns.refunds_of: (["10288"], {}),
    tickets.get_ticket: (["T-20002"], {}),
    tickets.reply_to_ticket: (["T-20002", "x"], {"now": NOW}),
    tickets.create_ticket: ([], {"subject": "x", "description": "x", "order": "10300", "now": NOW}),
}
LISTS = {
    callbacks.list_callbacks: {"since": NOW},
    devices.list_devices: {},
    incidents.list_incidents: {},
    orders.list_orders: {"limit": 100},
    tickets.list_tickets: {"limit": 100},
}
COUNTS = (devices.count_devices, incidents.count_incidents, orders.count_orders, tickets.count_tickets)
FOR_ONESELF = {
    # They make something for the customer who is named, or only look whether they could.
    callbacks.check_slot,
    callbacks.schedule_callback,
    fulfilment.place_order,
    *COUNTS,
}


def _personal():
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and "customer" in inspect.signature(function).parameters:
                yield function


def test_every_personal_function_is_tried_here():
    assert set(_personal()) == REFUSED.keys() | LISTS.keys() | FOR_ONESELF


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
async def test_somebody_elses_looks_like_nobodys(database, function):
    arguments, values = REFUSED[function]
    async with database.write() as session:
        with pytest.raises(errors.NoSuchThing):
            await function(session, *arguments, customer="C-1001", **values)
        changed = session.dirty or session.new
        assert not changed
        nobody = {**values, "customer": "C-9999"}
        with pytest.raises(errors.NoSuchThing):
            await function(session, *arguments, **nobody)


@pytest.mark.parametrize("function", LISTS, ids=lambda function: function.__name__)
async def test_lists_hold_ones_own_only(session, function):
    for number in ("C-1001", "C-1002"):
        for each in await function(session, customer=number, **LISTS[function]):
            assert (each.customer.number) == number
    assert await function(session, customer="C-9999", **LISTS[function]) == []
    assert len({each.customer_id for each in await function(session, customer=None, **LISTS[function])}) > 1


async def test_orders_are_placed_for_known_customers_only(session):
    with pytest.raises(errors.NoSuchCustomer):
        await fulfilment.place_order(
            session, {"BAL-1101": 1}, customer="C-9999", payment_method=PaymentMethod.CARD, now=NOW
        )
    for count in COUNTS:
        assert await count(session, customer="C-9999") == 0
        assert 0 < await count(session, customer="C-1001") < await count(session, customer=None)
