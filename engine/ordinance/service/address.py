"""Change of address: by rule it is changed, offered to be forwarded, or refused.

Names, phones and addresses are replaced where they are kept, apart from the history. What is
packed is labelled anew; what is reserved stays where it is unless the ranking now says otherwise.
"""

from __future__ import annotations

from dataclasses import replace

from ordinance.fulfilment.handover import call_back
from ordinance.fulfilment.parcels import waits
from ordinance.fulfilment.reship import send_instead
from ordinance.fulfilment.together import take_apart
from ordinance.orders.change import Change
from ordinance.orders.contact import region_code
from ordinance.orders.desk import Desk, release, why
from ordinance.orders.facts import all_facts, keep_person, person_facts
from ordinance.orders.order import Receiver
from ordinance.orders.person import Person
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import PARCEL_OVER, TERMINAL, ParcelState
from ordinance.rules import Value
from ordinance.service.cancel import progress
from ordinance.stock import sourcing
from ordinance.stock.reserving import unreserve

TRIED_AGAIN = (
    "REGION_UNKNOWN",
    "ADDRESS_INCOMPLETE",
    "PHONE_INVALID",
    "WAREHOUSE_UNASSIGNED",
    "CARRIER_UNREACHABLE",
)
"""Holds that another address may settle; the order is checked, sourced and packed again."""


def request(change: Change, desk: Desk, receiver: Receiver) -> None:
    """Somebody wants the goods to go elsewhere. Ask `service.address`."""
    record = change.record
    if record.state in TERMINAL:
        change.happen("address.too_late", {"state": str(record.state)})
        return
    person = Person.from_json(desk.tx.person(record.shop, record.person))
    moved, known = _moved(record, person, receiver)
    decision = desk.decide(change, "service.address", _facts(record, moved, known, desk))
    answer = str(decision.outcome["answer"])
    change.happen("address.asked", {"answer": answer, "rule": why(decision)})
    if answer in ("change", "intercept"):
        _change(change, desk, moved, known)


def _moved(record: OrderRecord, person: Person, receiver: Receiver) -> tuple[OrderRecord, Person]:
    """The order and the person with what is new; a name and phone not given stay."""
    region = region_code(receiver.region) or record.region
    moved = replace(record, region=region, latitude=receiver.latitude, longitude=receiver.longitude)
    known = replace(
        person,
        receiver_name=receiver.name or person.receiver_name,
        receiver_phone=receiver.phone or person.receiver_phone,
        address=receiver.address,
        postcode=receiver.postcode,
    )
    return moved, known


def _facts(record: OrderRecord, moved: OrderRecord, person: Person, desk: Desk) -> dict[str, Value]:
    new = person_facts(moved, person, desk)
    facts: dict[str, Value] = {
        **all_facts(record, desk),
        "order.progress": progress(record),
        "address.moves": moved.region != record.region,
        "address.region_valid": new["receiver.region_valid"],
        "address.complete": new["receiver.address_complete"],
        "address.phone_valid": new["receiver.phone_valid"],
        "address.times": record.address_changes,
    }
    if moved.region is not None:
        facts["address.region"] = moved.region
    return facts


def _change(change: Change, desk: Desk, moved: OrderRecord, person: Person) -> None:
    record = change.record
    keep_person(record, person, desk)
    change.happen(
        "address.changed",
        {"region": moved.region},
        region=moved.region,
        latitude=moved.latitude,
        longitude=moved.longitude,
        address_changes=record.address_changes + 1,
    )
    for parcel in list(change.record.parcels.values()):
        if parcel.state not in PARCEL_OVER:
            _label_anew(change, desk, parcel)
    _source_anew(change, desk)
    for code in TRIED_AGAIN:
        release(change, code, cause="address changed")


def _label_anew(change: Change, desk: Desk, parcel: Parcel) -> None:
    """Take a parcel back that has not left, so that it is packed for the new address."""
    if parcel.state is not ParcelState.WAIT_PUSH or not waits(change):
        change.effect("warehouse.cancel", f"cancel:{parcel.id}", {"parcel": parcel.id})
    if parcel.replaces is not None:
        call_back(change, desk, parcel.id)
        send_instead(change, desk, change.record.parcel(parcel.id))
        return
    take_apart(change, desk, parcel.id, "called_back")
    change.happen(
        "parcel.cancelled",
        {"parcel": parcel.id},
        parcels=[replace(parcel, state=ParcelState.CANCELLED)],
    )


def _source_anew(change: Change, desk: Desk) -> None:
    """Give the reservations back when other warehouses should ship to the new address."""
    record = change.record
    wanted = {line.no: line.reserved for line in record.goods if line.reserved}
    if not wanted:
        return
    mine: dict[str, dict[str, int]] = {}
    held: dict[str, dict[int, int]] = {}
    for no in wanted:
        line = record.lines[no]
        for warehouse, units in line.held_at.items():
            held.setdefault(warehouse, {})[no] = units
            for item, pieces in line.takes(units).items():
                there = mine.setdefault(warehouse, {})
                there[item] = there.get(item, 0) + pieces
    found = sourcing.find(change, desk, wanted, mine=mine)
    best = {given.warehouse: dict(given.pieces) for given in found.fills}
    stays = best == held
    rule = why(found.decision) if found.decision is not None else "allocation.source"
    change.happen("address.sourced", {"stays": stays, "warehouses": [*sorted(best)], "rule": rule})
    if not stays:
        for warehouse in sorted(held):
            unreserve(change, desk, warehouse, held[warehouse])
